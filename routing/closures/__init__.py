"""Closures: which parts of which edges may not be driven, and searches that respect them.

Doors: `types` (what a closure is), `closed_edges` (closures placed on a network),
`closed_stretches` (the snapshot of closed roads), `endpoint_distances` and `local_search` (how
endpoints inside a closure reach the open network). Whole paths are in `routing.paths`.
"""
