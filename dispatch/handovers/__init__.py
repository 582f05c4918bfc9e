"""Hand-overs: what a crew still has to do when its shift ends goes to the crew that comes in.

Doors: `leaving` (what is to be handed over), `service` (doing it) and `types`. `handing` is pure.
Shifts are in `shifts`, sending in `sending`.
"""
