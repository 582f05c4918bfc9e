"""Reach: what can be driven to within a time, and the areas it makes."""
