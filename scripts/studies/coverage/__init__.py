"""Cover: which share of demand is reached in time by road, where, at which hour, and from where.

Doors: `cover_study` (the study), `cover_report`, `coverage_command`.
"""
