"""Simulated days of dispatching: the desk's own rules on past or generated incidents.

Doors: `scenario` (what happens: crews, calls, rules), `travel_table`, `desk.simulate` (one run),
`comparing` (several rules on the same draws), `study.study_simulation`.
"""
