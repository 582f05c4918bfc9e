"""The bench: the nearcrew command line, the demo city and its simulator."""
