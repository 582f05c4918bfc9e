"""Position reports: judged, stored, and read back as tracks.

Doors: `service`, `tracks`, `fix_rules` (pure) and `models`.
"""
