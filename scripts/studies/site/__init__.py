"""`nearcrew study site`: where to stand, on the roads of the desk; the models are in `siting`.

Doors: `site_study` (the study), `site_report`, and `site_command`.
"""
