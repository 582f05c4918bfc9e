"""Messages: what the desk and the crews of an incident say to each other, and who has read it.

Doors: `service`, `types`, `states` and `models`. What the desk writes down for itself is a note
(`records`); how many messages nobody has read yet is counted where incidents and orders are
answered (`board.message_counts`).
"""
