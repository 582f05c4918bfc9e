"""Accounts: people and programs, their passwords, sessions and tokens.

Doors: `service` (signing in and out), `account_changes`, `origins` (where a sign-in comes from) and
`models`. What a role permits is in `access.permissions`; cookies and headers are the console's.
"""
