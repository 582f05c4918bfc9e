"""Run a job worker as a process: log, signals, and when it may begin."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial

import procrastinate
import psycopg
from sqlalchemy.engine import make_url
from typing_extensions import override

from dispatch import migrate
from dispatch.bootstrap import Services
from dispatch.bootstrap import build
from dispatch.bootstrap import deadline_watch
from dispatch.bootstrap import defer_at_start
from dispatch.bootstrap import job_app
from dispatch.core.fault_text import FaultFormatter
from dispatch.core.fault_text import report_faults_so
from dispatch.deadlines.watch import in_a_thread
from dispatch.jobs.worker import work_until
from dispatch.settings import Settings
from scripts.cluster.backup import conninfo

JOBS_LEFT = 1
_CONNECT_TIMEOUT_S = 2
_WATCH_ENDS_WITHIN_S = 5.0


def run_worker(
    settings: Settings, make_app: Callable[[Services], procrastinate.App] = job_app
) -> None:
    """Run jobs until SIGTERM or Ctrl-C, then finish what runs.

    It starts nothing and changes no tables: it waits for a database that answers and is up to date.

    Raises
    ------
    SystemExit
        With `JOBS_LEFT` if a job did not end in time; another worker takes it up.
    """
    _log_plainly()
    own, act_as = settings.for_worker()
    services = build(own, act_as=act_as)
    app = make_app(services)
    loop = asyncio.Runner()
    stop = threading.Event()
    watching = in_a_thread(deadline_watch(services), stop)
    ended = loop.run(_until_signal(services, app))
    # One that is being acted on ends, or is rolled back with its connection and acted on again.
    stop.set()
    watching.join(_WATCH_ENDS_WITHIN_S)
    if ended:
        loop.close()
        services.close()
        return
    # The interpreter would wait for the thread of the job that does not end.
    logging.shutdown()
    os._exit(JOBS_LEFT)


async def _until_signal(services: Services, app: procrastinate.App) -> bool:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, partial(_ask_to_stop, stop))
    return await work_until(
        stop,
        app,
        why_not_ready=partial(why_not_ready, services.settings.database_url),
        begin=partial(defer_at_start, services),
    )


def _ask_to_stop(stop: asyncio.Event) -> None:
    logging.getLogger(__name__).info("Stopping: no new jobs; what runs may finish")
    stop.set()


def why_not_ready(database_url: str) -> str | None:
    """Return what a worker has to wait for; None if the database answers and is up to date."""
    try:
        with psycopg.connect(
            conninfo(make_url(database_url)), connect_timeout=_CONNECT_TIMEOUT_S
        ) as connection:
            found = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
            if found is None or found[0] is None:
                return "the tables have not been made yet (nearcrew db migrate)"
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.OperationalError:
        return "the database does not answer"
    revision = row[0] if row else None
    if migrate.is_newer(revision):
        return f"{migrate.newer_sentence(revision)} {migrate.NEWER_MEND}"
    if revision != migrate.head():
        return f"the tables are at {revision}, this program needs {migrate.head()}"
    return None


def _log_plainly() -> None:
    """Log to standard output, for people and for the journal."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(FaultFormatter("%(asctime)s worker: %(message)s"))
    handler.addFilter(_WithoutArguments())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    report_faults_so()
    # Tells of each attempt to connect; that the database is away is said once, by our worker.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class _WithoutArguments(logging.Filter):
    """Leaves out of procrastinate's own log what may be personal: arguments and errors' words.

    What becomes of a job is said by our worker. The rest is shortened to what happened and the kind
    of error.
    """

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is shown, and shorten it."""
        if not record.name.startswith("procrastinate"):
            return True
        action = str(getattr(record, "action", "said something"))
        if record.levelno < logging.WARNING or action.startswith("job_"):
            return False
        kind = record.exc_info[0] if record.exc_info else None
        record.msg = f"procrastinate: {action}" + (f" ({kind.__name__})" if kind else "")
        record.args = record.exc_info = record.exc_text = None
        return True
