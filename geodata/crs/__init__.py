"""Coordinate systems: datums, planes and positions as people type them."""
