"""The history: incidents found again by number, words, kind, crew and day, and their table.

Doors: `service` and `types`. How one incident went is told by `dispatch.replay`.
"""
