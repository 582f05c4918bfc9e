"""Skills: the list of them, people's tickets, and what a crew can do now, which follows from both.

Doors: `service`, `tickets`, `upkeep`, `expiry`, `types` and `models`. Who is in a crew is in
`crews`; whether a crew can do what an incident needs is in `sending`.
"""
