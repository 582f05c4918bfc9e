"""Positions on the road network: snapping, and the endpoints of a search."""
