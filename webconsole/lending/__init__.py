"""Loans of crews over HTTP, and their page."""
