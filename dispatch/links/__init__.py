"""Public links: what somebody without an account may open, by an address that cannot be guessed.

Doors: `service`, `types`, `states` and `models`. What is shown behind a link belongs to the room
that made it.
"""
