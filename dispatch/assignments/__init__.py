"""Assignments: one crew sent to one incident, from step to step.

Doors: `service`, `states` (the steps that are permitted) and `models`. Making an assignment is
`sending`; which order of a crew comes next is `crews.order_queue`.
"""
