"""Pledges: how soon somebody promised to be there, for what, when, and by which calendar.

Doors: `pledge_service`, `calendar_service`, `weather_service`, `presets`, `states`, `types` and
`models`; for the clocks that run by them (`pledge_clocks`) the pure rules, too.
"""
