"""Which single closures hurt most, exactly, and what given closures do.

Doors: `closure_study`, `given_closures`.
"""
