"""Planning: standby points and whom they reach, kept as scenarios; studies made of them as jobs.

Doors: `standby_cover` (what some points reach), `scenarios`, `studies` (asked for, listed, looked
at), `study_running` and `tasks` (for the process that runs jobs), `types`, `states` and `models`.
What cover means is `dispatch.cover`'s to say. A study itself is a command of `scripts.studies`,
run as a process of its own; nothing of it is imported here.
"""
