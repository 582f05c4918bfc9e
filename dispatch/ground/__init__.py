"""The ground as dispatch uses it: where it is, its tiles, and which base map is drawn.

Doors: `service` and `base_map`. Importing an extract is `geodata.ground`'s.
"""
