"""Paths by road: travel times, fastest paths, routes with line and streets, alternatives.

Doors: `route` (the result), and for the router `search_profiles`, `alternatives`, `path`. What a
driver is told at a junction is in `routing.guidance`, what a time limit reaches in `routing.reach`.
"""
