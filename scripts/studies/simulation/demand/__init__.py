"""What happens in a simulation, and who answers: read from logs and files, fitted, drawn.

Doors: `incident_log`, `crews_file`, `desk_records` (reading), `drawing` (drawing days).
"""
