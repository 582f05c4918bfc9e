"""What every page and endpoint stands on: requests, answers, refusals, languages.

All of its modules are doors. Nothing here knows a subject.
"""
