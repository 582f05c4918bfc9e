"""Incidents and their reports: created, changed, closed, cancelled, reopened."""
