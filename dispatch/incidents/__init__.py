"""Incidents and their reports: created, changed, closed, cancelled, reopened.

Doors: `service`, `closing`, `reports`, `states`, `models`; `incident_rows` and `record_entries`
for rooms that write to an incident. Which crew goes is in `sending`.
"""
