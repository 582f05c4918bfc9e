"""Over HTTP: the signs of crews' pages."""
