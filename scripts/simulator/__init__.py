"""Simulated crews that work through the HTTP API."""
