"""Outcomes: how an order can end for each kind of incident, and what follows from it.

Doors: `service` (the editable list), `ending` (what the end of one order means), `follow_ups`,
`states` (effects, pure), `types` and `models`. Ending the order itself is `assignments`.
"""
