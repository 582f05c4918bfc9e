"""Devices: tokens of trackers and programs, sessions of phones, browsers that take pushes.

Doors: `service` and `types`. How a device comes to be known is `accounts`' and `deliveries`'; here
they are listed together, and signed out.
"""
