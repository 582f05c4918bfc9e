"""Crews lent to another unit: asked for, agreed by the lender, for a time, and ended.

Doors: `service`, `types`, `states`. Who sees a crew that is lent is worked out by the database
(`sight_of`); whose rows are whose is `dispatch.units`'.
"""
