"""Backups that are made every night, kept for a while, and tried.

Doors: `backup_commands`, `kept_backups` and `drill_record` (what `nearcrew doctor` asks). How one
file is written and restored is in `scripts.cluster.backup`.
"""
