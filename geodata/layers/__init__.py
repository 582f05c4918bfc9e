"""The utility's own layers: read from its files, stored, served as vector tiles.

Doors: `service`, `features`, `layer_files`, `models`, `errors`. They belong to no ground: an
extract is replaced every month, the utility's records are not in it.
"""
