"""The tree of units over HTTP, and its page."""
