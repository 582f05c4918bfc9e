"""Messages between desk and crews over HTTP."""
