"""What every page and endpoint stands on: requests, refusals, languages, headers, assets.

All of its modules are doors. Nothing here knows a subject.
"""
