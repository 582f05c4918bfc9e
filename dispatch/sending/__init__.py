"""Sending: which crews can come and when, who should go, and the one click.

Doors: `candidates`, `service` (send), `placing`, `send_checks` (what forbids a send, looked at once
more under the locks) and `paths`. `policy` decides and is pure; `crew_facts` is what it decides on.
"""
