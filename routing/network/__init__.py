"""The road network: immutable arrays of streets, their lines, and their exchange with files.

Doors: `road_network`, `arrays`, `line_geometry`; `array_file` for the room of the engine and
`osmnx_import` for the command line. EdgeWeights and searches are not here: they begin in
`routing.engine`. Nothing here changes after loading.
"""
