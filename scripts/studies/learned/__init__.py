"""Predicted against actual travel times, and the speed factors that follow.

Doors: `drives`, `learned_study`.
"""
