"""OpenStreetMap extracts: opening them, and reading streets, tags and turn restrictions.

Doors: `extract_file`, `road_reader`, `way_tags`, `name_tags`. What is drawn on the map is decided
in `geodata.tiles`, what is found by name in `geodata.places`; nothing here stores anything.
"""
