"""The benchmark of uploads: signing in while one crew sends the worst pictures it can."""
