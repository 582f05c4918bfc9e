"""The road network as dispatch uses it.

Doors: `types` (what the network is asked, as a protocol), `outlines` (checked GeoJSON shapes) and
`adapter`, for the bootstrap alone. No other room of dispatch imports routing: `questions` are what
a router is asked, `closing` tells it what is closed, `network_loading` makes it.
"""
