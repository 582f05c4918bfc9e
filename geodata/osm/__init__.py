"""OpenStreetMap extracts: opening one, and reading its ways, tags and turn restrictions."""
