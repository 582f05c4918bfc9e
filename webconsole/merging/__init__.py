"""Duplicates over HTTP: proposals, merges, calls back, danger radii."""
