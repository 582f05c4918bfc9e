"""The demo city: its ground, stations, crews and records.

Doors: `demo_command`, `demo_mark`, `demo_seed`. How its crews drive is in `scripts.simulator`.
"""
