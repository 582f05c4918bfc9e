"""Accounts: people and programs, their passwords, sessions and tokens."""
