"""Proposals: many crews for many incidents at once, kept, changed by hand and sent row by row.

Doors: `service`, `types` and `models`. `matching` decides and is pure; who can be sent at all is
judged in `sending`.
"""
