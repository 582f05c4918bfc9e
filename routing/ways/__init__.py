"""Ways for a crew's phone: the roads around a place in one small file, and what tells ways apart.

Doors: `road_cut` (the streets around a place as arrays of their own), `packing` (these arrays as
bytes) and `differences` (by which street each of several routes goes). The phone's half is in
``webconsole/static/js/ways``.
"""
