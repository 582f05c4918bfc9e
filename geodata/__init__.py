"""Geodata: roads, base map, places and layers in PostGIS, and their import from files."""
