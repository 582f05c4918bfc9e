"""Benchmarks of what phones ask of the server, and of themselves."""
