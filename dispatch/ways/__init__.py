"""The way a crew drives: those to choose from, the chosen one, and the roads that its phone keeps.

Doors: `service`, `types` and `models`. Paths that nobody drives yet (of candidates, between places)
are in `sending`.
"""
