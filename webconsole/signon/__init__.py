"""The way to the company's OpenID Connect provider and back, and who may sign in through it.

Doors: none; `pages` and `routes` are registered by the application.
"""
