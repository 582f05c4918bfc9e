"""Turn-by-turn guidance: manoeuvres along a route, and their phrases in Chinese and English.

Doors: `instructions`, and for the router `junction_arms` and `manoeuvre_finding`. Searching is not
here: guidance reads a finished `routing.paths.route.Route`.
"""
