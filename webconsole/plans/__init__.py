"""Response plans over HTTP: read and set, proposed for an incident and sent; levels and roles."""
