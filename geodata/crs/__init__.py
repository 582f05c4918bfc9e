"""Coordinate systems: datums, local metric planes, distances, and parsing typed positions.

Doors: `datum`, `flat_plane`, `great_circle`, `typed_coordinates`. Pure functions of numbers and
text; web Mercator is in `geodata.tiles.web_mercator`, nothing here knows a database.
"""
