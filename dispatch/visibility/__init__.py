"""What somebody can see, and who can see something, as the database's own policies answer it.

Doors: `service`, `types`.
"""
