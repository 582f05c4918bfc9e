"""Benchmark of the desk when the night is long: offers to many crews, deadlines, batches."""
