"""Road closures over HTTP."""
