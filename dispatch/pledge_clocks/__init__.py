"""The clocks that run for each incident by what was pledged (`pledges`).

Doors: `clock_service`, `clock_follower`, `falling_due`, `log_replay`, `states`, `types` and
`models`. How a clock is shown with its incident is in `board.clock_rows`; that a crew would come
too late is told by the page, beside the candidates.
"""
