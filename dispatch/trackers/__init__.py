"""Trackers of crews: phones' own programs that report in the background, and how they are.

Doors: `service` (trackers added, revoked), `arrivals` (what they send), `health`, `types` and
`models`. `states`, `osmand` and `owntracks` are pure. How fixes are judged and stored is
`positions`'; whether a crew has gone silent is `silence`'s.
"""
