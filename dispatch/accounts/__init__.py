"""Accounts: people and programs, their passwords, and how they sign in.

Doors: `service` (signing in and out), `origins` (where a sign-in comes from) and `models`. What
administrators do with accounts is in `people`; what a permission is, in `access.permissions`;
cookies and headers are the console's.
"""
