"""Incidents over HTTP, their candidates, and sending a crew."""
