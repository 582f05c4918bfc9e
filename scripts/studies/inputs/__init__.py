"""Places and demand of a study, read from files, checked, with everything left out listed.

Doors: `points` (the type), `left_out`, `reading` (files), `desk_points` (the database), `zones`.
"""
