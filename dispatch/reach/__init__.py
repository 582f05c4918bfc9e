"""Whether a crew can be reached: is its page open, may it make a sound, or is there a tracker only.

Doors: `service`, `states`, `types` and `models`. Where a crew is, is in `positions`; how it counts
in a recommendation is in `sending`.
"""
