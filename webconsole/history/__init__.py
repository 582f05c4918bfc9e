"""The history over HTTP, and its page."""
