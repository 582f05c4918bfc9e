"""The hot standby of the private cluster: made, watched, promoted, dropped.

Doors: `standby_commands`, `standby_state` (what `nearcrew doctor` asks). Which of the two servers
is the primary, and what each of them is told at its start, is in `scripts.cluster.replication`.
"""
