"""Pledges and their clocks over HTTP, and the page where they are seen with their sources."""
