"""The long-running processes: web workers, job workers, and processes that start and stop together.

Doors: `serve`, `worker`, `processes`. The application is in `webconsole`, which is started and
never imported.
"""
