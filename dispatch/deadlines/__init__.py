"""Deadlines: instants at which something is done unless it is no longer called for.

Doors: `deadline_rows` (set and cancel, inside one's own transaction), `handlers` (what is done,
which the rooms that set them define) and `service` (acting on what is due). `nearcrew worker` acts
on them through `watch`. A notice or a message that may be a second late is a job (`jobs`) instead.
"""
