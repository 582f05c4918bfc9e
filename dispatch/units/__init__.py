"""Units of the organisation: group, companies, stations and teams, and whose rows are whose.

Doors: `service` (the tree), `sight`, `belonging` (which unit a row may be given to), `lent_crews`,
`types`, `states`. What is seen from a unit is worked out by the database (`sight_of`); what a
transaction sees is set by `core.scope`. How crews come to be lent is `dispatch.lending`'s.
"""
