"""The live stream: the log and positions, read once for each worker and sent to many.

Doors: `hub` and `routes`, for the application.
"""
