"""The search engine: the edge-expanded network, its weights and the contraction hierarchy.

Doors: `edge_expansion`, `edge_weights`, `hierarchy`, `hourly_speeds`, `islands`, `order_cache`.
Everything here goes from state to state of the whole network: positions on streets are in
`routing.locate`, closures in `routing.closures`, paths that people drive in `routing.paths`.
"""
