"""`nearcrew study site`."""
