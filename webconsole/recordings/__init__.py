"""Short video and sound of incidents over HTTP."""
