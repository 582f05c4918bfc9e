"""Over HTTP: notices to crews about their orders."""
