"""Positions on the road network: snapping, and the endpoints of a search.

Doors: `checked_positions` (checks and snaps what callers give), `snapping` (the result type),
`endpoints` (phantom nodes on directed edges), `road_stretches` (intervals of edges). Closures and
searches through the network are not here.
"""
