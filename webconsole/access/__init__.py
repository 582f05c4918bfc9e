"""Signing in and out, tokens, and who is asking.

Doors: `sessions` (who is asking), `devices` and `redirects`; `routes` is registered by the
application.
"""
