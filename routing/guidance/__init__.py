"""Guidance: manoeuvres along a route, and their words in Chinese and English."""
