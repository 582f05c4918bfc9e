"""Deliveries over HTTP: contacts, test rings, the board of channels, pushes to crews' browsers."""
