"""Crews over HTTP."""
