"""What a phone keeps of the city for where there is no signal: tiles of the map, and names."""
