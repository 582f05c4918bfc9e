"""What it costs that everybody sees their own unit's rows only, and how quick long lists are."""
