"""The past as it was: replay and exports.

Doors: `service` and `exports`. The log is read by `board`; tracks by `positions`.
"""
