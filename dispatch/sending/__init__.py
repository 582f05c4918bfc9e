"""Sending: which crews can come and when, who should go, and the one click.

Doors: `candidates`, `service` (send) and `paths`. `policy` decides and is pure; `crew_facts` is
what it decides on; `send_checks` and `replacing` are looked at once more under the locks.
"""
