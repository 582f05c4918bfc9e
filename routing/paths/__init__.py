"""Paths by road: the search, the route with its line and streets, and alternatives."""
