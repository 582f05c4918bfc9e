"""The base map: what an extract shows, stored by zoom band and cut into vector tiles."""
