"""Over HTTP: the crews' safety."""
