"""Work that waits: jobs in PostgreSQL, put in by any room and run by `nearcrew worker`.

Doors: `queue` (put a job in, inside one's own transaction), `housekeeping`, and for the process
that runs jobs `tasks` and `worker`.

The room lies low, just above the event log, because every room above may have work that waits. So
it knows no other room's services: a room with jobs of its own defines them in a module of its own,
as `tasks` does for housekeeping, and `dispatch.bootstrap.job_app` puts all of them together for the
worker. Putting a job in takes its name only, so whoever does needs nothing of what runs it.

A job is handed the ids of rows, never their contents, and acts only if what it was made for still
holds: after a crash, or when a worker stood still for some seconds, it runs twice.

What the web workers must not wait for a worker with stays out: a day's partition is made by the
first position of that day too (`dispatch.positions`), and what has expired is refused when it is
used, whether or not it has been deleted.
"""
