"""For load balancers and monitoring: health and metrics.

Doors: `health` and `metrics`.
"""
