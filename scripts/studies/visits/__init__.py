"""A plan for the appointments of one day, and what an emergency in the middle of it would break.

Doors: `appointments` (the types), `reading`, `day_study` (everything from files to report).
"""
