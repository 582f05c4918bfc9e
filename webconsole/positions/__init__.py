"""Position reports over HTTP."""
