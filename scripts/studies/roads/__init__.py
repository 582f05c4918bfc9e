"""Travel times for studies, on the road network that the desk uses.

Door: `study_roads`.
"""
