"""Alarms over HTTP."""
