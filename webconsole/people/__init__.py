"""Accounts over HTTP: kept by administrators; sign-ins, tokens, and links to choose a password."""
