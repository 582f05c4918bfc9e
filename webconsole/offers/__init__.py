"""Over HTTP: offers to several crews at once."""
