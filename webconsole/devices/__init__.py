"""Devices over HTTP: listed, and signed out."""
