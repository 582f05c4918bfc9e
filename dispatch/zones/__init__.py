"""Zones: districts and response areas."""
