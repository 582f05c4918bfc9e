"""Serving the console: gunicorn, and processes that start and stop together.

Doors: `serve`, `processes`. The application is in `webconsole`, which is started and never
imported.
"""
