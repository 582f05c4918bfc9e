"""Zones: districts and response areas, drawn or imported.

Doors: `service` and `models`.
"""
