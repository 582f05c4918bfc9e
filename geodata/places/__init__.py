"""Places that can be searched: imported from an extract, found by name, found by position."""
