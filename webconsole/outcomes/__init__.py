"""Outcomes over HTTP: read by crews and desk, edited by administrators."""
