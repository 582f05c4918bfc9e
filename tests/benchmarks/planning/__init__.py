"""How quickly and how well planning studies answer."""
