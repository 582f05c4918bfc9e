"""Crews: who they are, their duty, their stations, and the queue of their orders.

Doors: `service`, `stations`, `order_queue`, `states` and `models`. Where crews are is in
`positions`; whether one can come to an incident is in `sending`.
"""
