"""Road routing: travel times, paths and areas from arrays and files. No database, no web."""
