"""Shifts over HTTP: the rota and its page, swaps, minimum staffing, calendar feeds."""
