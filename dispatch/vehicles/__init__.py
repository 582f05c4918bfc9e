"""Vehicles and what they carry: which crew has them now, and what follows from that for the crew.

Doors: `service`, `equipment`, `vehicle_rows`, `types` and `models`. Where a crew is, is in
`positions`; whether it brings what an incident needs is in `sending`.
"""
