"""Shifts: who is to be on duty when, planned by rota and changed by hand, and what follows from it.

Doors: `rota_service` (templates and rotations), `service` (shifts), `swaps`, `staffing_service`
(gaps), `feeds` (calendar files), `duty_facts` (for judging crews), `deadline_handlers`,
`spell_follower`, `states`, `types`, `rota_types` and `models`. `rota`, `duty_hours`, `staffing`,
`swap_rules` and `icalendar_text` are pure. What a crew leaves to the next one at its end is in
`handovers`.
"""
