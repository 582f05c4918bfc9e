"""The ground: roads, base map and coordinate systems in PostGIS, and the OSM import."""
