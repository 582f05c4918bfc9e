"""Fleet sizes and move-ups."""
