"""Response plans: which crews a kind of incident needs at which alarm level, and who fills them.

Doors: `service` (plans read and set, levels, roles), `proposals` (the best set of crews),
`plan_sending` (that set, or part of it, sent), `types`, `states` (pure rules). How far an incident
is attended is read by the board (`dispatch.board.attendance_rows`); a single send finds its task in
`dispatch.sending.crew_tasks`.
"""
