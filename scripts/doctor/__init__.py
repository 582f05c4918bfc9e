"""`nearcrew doctor`: checks of machine and database, each with a hint on how to fix it.

Doors: `doctor_command`, `machine_checks`. Checks change nothing: repairing is not here.
"""
