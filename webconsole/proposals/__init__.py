"""Over HTTP: crews for many incidents at once."""
