"""The base map: what an extract shows, stored by zoom band and served as vector tiles.

Doors: `vector_tiles`, `pmtiles_archive`, `models`, and for the import `map_features`, `map_import`,
`map_layers`. The utility's own layers are in `geodata.layers`.
"""
