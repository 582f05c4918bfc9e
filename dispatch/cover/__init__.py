"""Cover: what share of each district's roads an idle crew reaches in time, and moving crews up.

Doors: `service` (what sending a crew uncovers), `moveups` (crews asked to stand elsewhere),
`types`, `states` and `models`; for `dispatch.planning`, which means the same by cover, also
`ground_demand`, `shares`, `areas` and `cover_rows`. `shares` and `areas` are pure; `moveup_ends`
follows the event log.
"""
