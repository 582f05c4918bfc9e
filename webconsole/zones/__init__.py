"""Zones over HTTP."""
