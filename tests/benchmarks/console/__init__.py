"""The console's benchmark: import, tiles, search, streams of a full control room, a browser."""
