"""How gunicorn serves the console; `nearcrew serve` adds address, workers and certificates.

The application must not be loaded before the fork (no `preload_app`): the gevent worker replaces
the blocking calls of the standard library as its first act, and psycopg decides while it is
imported how it will wait. Imported too early it waits in C and one LISTEN stops every request of
the worker. Loading in the worker keeps that order without patching the arbiter, which only forks
and watches.
"""

from pathlib import Path

preload_app = False
worker_class = "gevent"
# Each open console and crew page holds one stream; one worker carries a whole control room.
worker_connections = 2_000
keepalive = 30
# A worker that does not come back to its loop for this long is stuck: computing has its own thread.
timeout = 60
# Streams never end by themselves, so waiting longer only delays a stop.
graceful_timeout = 5
max_requests = 0
# The heartbeat file must not wait for a busy disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
