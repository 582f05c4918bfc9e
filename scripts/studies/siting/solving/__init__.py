"""How the location models are solved: local search, Lagrangian bounds, branching, MILP.

Everything here works on plain arrays and knows no model by name.
"""
