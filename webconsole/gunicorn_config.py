"""How gunicorn runs the console: ``gunicorn -c webconsole/gunicorn_config.py``.

Given as a file, not as a module: a module would import the whole console into the master, psycopg
with it, before the workers patch their sockets. psycopg decides at import how it waits, and one
imported unpatched holds up every other request of its worker while it listens. Nothing of ours is
imported here, and nothing is preloaded, for the same reason.
"""

import os
import shutil
import tempfile
from typing import Any

worker_class = "gevent"
workers = int(os.environ.get("NEARCREW_WORKERS") or 2)
bind = f"{os.environ.get('NEARCREW_HOST') or '127.0.0.1'}:{os.environ.get('NEARCREW_PORT') or 8000}"
certfile = os.environ.get("NEARCREW_TLS_CERT") or None
keyfile = os.environ.get("NEARCREW_TLS_KEY") or None
worker_connections = 2000
graceful_timeout = 10
keepalive = 75  # seconds; a phone sends a fix every few seconds over one connection
preload_app = False
wsgi_app = "webconsole:create_app()"

# Every worker counts for itself; whoever is asked for /metrics adds up. prometheus_client reads
# this when a worker imports it; the files must not outlive the master.
_COUNTS = tempfile.mkdtemp(prefix="nearcrew-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _COUNTS


def post_worker_init(worker: Any) -> None:  # noqa: ANN401  (gunicorn carries no types)
    """Tell the streams when this worker is to stop: they would hold it for ever."""
    worker.wsgi.extensions["nearcrew.stream"].while_(lambda: worker.alive)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001  (gunicorn's hook)
    """Forget the gauges of a worker that is gone."""
    from prometheus_client import multiprocess  # noqa: PLC0415  (see above)

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:  # noqa: ANN401, ARG001  (gunicorn's hook)
    """Remove the counts."""
    shutil.rmtree(_COUNTS, ignore_errors=True)
