"""Trackers over HTTP: what they send (`ingest`), how they are set up and how they are."""
