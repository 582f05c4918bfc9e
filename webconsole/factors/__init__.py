"""Pages between password and session, one's own account, and who must have a second factor.

Doors: none; `step_pages`, `account_pages` and `routes` are registered by the application.
"""
