"""Short video and sound of an incident: recorded by crews on the spot, added and never changed.

Doors: `service`, `types`, `states` and `models`. Photos are in `records`.

A recording is stored and served as it came: nothing here plays or decodes it. What it is, its first
bytes say (`media_headers`); what it may do in a browser, the headers of the answer.
"""
