"""Safety of the crew: check-ins on scene, all crews report, SOS, and help that a crew asks for.

Doors: `service` (signs of life), `roll_calls`, `distress` (SOS), `help_requests`, `rules`,
`follower`, `deadline_handlers`, `types` and `models`. `states` is pure. Sending the crew that helps
is `sending`.
"""
