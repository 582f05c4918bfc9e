"""The utility's own layers: read from its files, stored, and cut into tiles."""
