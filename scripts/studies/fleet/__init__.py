"""How many crews: cover and response by fleet size and hour, and who moves up when few are free.

Doors: `fleet_study` (the study), `compliance_table`, `dmexclp`, `fleet_report`, `fleet_command`.
"""
