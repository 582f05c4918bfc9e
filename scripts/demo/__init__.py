"""The demo city: its ground, stations, crews and records."""
