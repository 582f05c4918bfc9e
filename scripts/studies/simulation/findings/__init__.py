"""What a simulation found: its report, and a trace that the replay page plays.

Doors: `simulation_report`, `replay_trace`.
"""
