"""Candidates for an incident: who can come, when, and who should go."""
