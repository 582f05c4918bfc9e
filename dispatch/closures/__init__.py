"""Road closures: marked, in force, lifted.

Doors: `service` and `models`. How the road network goes round them is `routing.closures`.
"""
