"""The drivable streets of a ground: plain arrays, and the tables that store them.

Doors: `types`, `models`. Reading an extract is in `geodata.osm`, storing in `geodata.ground`, and
the search for routes in the package `routing`.
"""
