"""Crews on duty that are not heard of any more: the desk is alarmed, the crew rung, and so on.

Doors: `service` (who is silent; limits), `deadline_handlers`, `follower`, `heard_again`, `types`
and `models`. `states` is pure. How trackers are heard is `trackers`' and `positions`'.
"""
