"""Replay and exports over HTTP, and the pages that play the past."""
