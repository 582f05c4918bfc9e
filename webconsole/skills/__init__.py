"""Skills and tickets over HTTP."""
