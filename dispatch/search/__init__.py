"""One search box for places, coordinates, crews and incidents.

Door: `service`. Names of places are compared in `geodata.names`.
"""
