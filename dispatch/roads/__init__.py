"""The road network as dispatch uses it.

Doors: `types` (what the network is asked, as a protocol), `outlines` (checked GeoJSON shapes) and
`adapter`, for the bootstrap alone: the only module of dispatch that imports routing.
"""
