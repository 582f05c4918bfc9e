"""Over HTTP: what sending a crew uncovers, and crews asked to stand elsewhere."""
