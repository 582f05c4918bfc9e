"""Planning studies: who is reached in time, from where, with how many crews, under which rule.

Rooms, from the bottom up: `inputs` (files of places and demand), `report` (what a study writes),
`roads` (travel times for studies), `siting` (location models), then one room for each kind of
study, and `study_commands` (`nearcrew study …`). Nothing here writes to the board of the desk.
"""
