"""The append-only event log: writing to it and listening for it.

Doors: `log` (append), `followers` (what follows at once), `listening` (notifications of
PostgreSQL), `entries` and `unreadable` (rows of the log, and the alarm about those that cannot be
read) and `models`. Reading the log back is `board`'s, for what is read comes with the incident and
the crew it is about.
"""
