"""Large studies in many processes: one bounded search per site, never the whole matrix.

Doors: `processes` (which processes), `reach_counts`, `nearest_posts`, `road_sums`.
"""
