"""Simulated crews that work through the HTTP API.

Doors: `run`. A simulated crew knows what a phone knows: nothing here reads the database.
"""
