"""Roles over HTTP: what they permit, which exclude each other, which matters need two people."""
