"""Notes, reports and photos over HTTP."""
