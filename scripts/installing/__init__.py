"""Nearcrew as a service of the machine: systemd units, account, settings file, command.

Doors: `service_commands`, `installed_units` (what `nearcrew doctor` asks). What the units run is
not here: `scripts.serving`, `scripts.backups`.
"""
