"""Assignments: one crew sent to one incident, step by step."""
