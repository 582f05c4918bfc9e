"""The audit trail: who changed, signed in, read and exported what, and that nobody rewrote it.

Doors: `service` (look into the trail), `readings` (note who read a caller's number), `blocks` (who
may not read any more), `exports` (note what left the house), `entries` (write an entry inside a
transaction), `verification` (the hash chains) and `types`. What happens in operations is the event
log's (`dispatch.events`) and is read together with this here. Old and new values of what is
administered are written by a trigger, which `dispatch.migrations.auditing` attaches.
"""
