"""What all writes have in common: the typed command, repeated requests, the order of row locks.

Doors: `command`, `idempotency`, `row_locks`, `write_check` and `models`. What a single room is
commanded is in its `types`.
"""
