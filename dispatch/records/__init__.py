"""The record of an incident: notes and photos."""
