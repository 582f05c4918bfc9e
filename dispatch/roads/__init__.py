"""The road network as dispatch uses it; the only adapter to routing."""
