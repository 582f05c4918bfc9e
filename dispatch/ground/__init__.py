"""The ground as dispatch uses it: bounds, tiles, base map."""
