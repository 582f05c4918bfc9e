"""Reach: isochrones, as intervals of edges reached within a time and as areas.

Doors: `isochrones` (the result), `contours` (areas from edges), `outward_search` (for the searches
of `routing.paths`). Travel times to single targets are in `routing.paths`.
"""
