"""The page on which anybody may report something, and what the desk makes of such reports."""
