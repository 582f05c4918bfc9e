"""The read model: incidents, assignments, crews and the log, as whoever reads sees them.

Doors: `read_model` and `event_reading`. It lies low, so that every write can answer with what
it changed (docs/adr/0005-rooms.md). It never writes.
"""
