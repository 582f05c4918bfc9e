"""The ground over HTTP: tiles, base map, bounds; and a watch over changes of it.

Doors: `path_schemas` (paths by road, for all that show one), `base_map` and `ground_watch`.
"""
