"""The ground: tiles, base map, bounds, and a watch over changes of it."""
