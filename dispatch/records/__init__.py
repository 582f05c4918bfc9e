"""The record of an incident: notes and photos, added and never changed.

Doors: `notes`, `photos`, `picture_files` (limits) and `models`. Reports are in `incidents`.
"""
