"""Position reports: judged, stored, and read back as tracks.

Doors: `service`, `tracks`, `fix_rules` (pure) and `models`. `group_commit` puts together what comes
at the same time, `fix_store` stores it.
"""
