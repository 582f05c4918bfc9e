"""Callers: the page behind a link on which who reported something follows what becomes of it.

Doors: `service` (the desk's), `public_page` (the caller's), `safety_texts`, `sending`, `follower`,
`types`, `states` and `models`. Links themselves are `dispatch.links`'; that somebody was called
back is ticked in `dispatch.merging`.
"""
