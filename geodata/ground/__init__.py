"""The ground in use: one imported extract with its roads, base map and places.

Doors: `service`, `models`. It calls the imports of the other rooms in one transaction; what they
store is theirs.
"""
