"""The road engine's benchmark: times, routes, reach and matrices, beside other engines."""
