"""Roads to times and paths: immutable networks of arrays. No database, no web."""
