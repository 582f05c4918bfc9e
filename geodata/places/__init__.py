"""Places that can be searched: imported from an extract, found by name or by position.

Doors: `service`, `place_book`, `models`, and for the import `place_reader`, `place_import`.
Comparing names is in `geodata.names`; drawing places on the map is in `geodata.tiles`.
"""
