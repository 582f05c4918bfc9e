"""Callers: their page, open to whoever has a link, and what the desk does about it."""
