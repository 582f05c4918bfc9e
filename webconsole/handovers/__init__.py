"""Hand-overs at the end of a shift over HTTP."""
