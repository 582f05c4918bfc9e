"""A worker: runs jobs until it is asked to stop, whatever the database does meanwhile."""

import asyncio
import logging
import time
from collections.abc import Awaitable
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy.exc
from procrastinate import App
from procrastinate import JobContext
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from sqlalchemy import make_url

from dispatch.core.fault_text import fault_text
from dispatch.jobs.stalled_jobs import HEARTBEAT_S
from dispatch.jobs.stalled_jobs import STALLED_AFTER_S
from dispatch.jobs.stalled_jobs import rescue_stalled_jobs

LOG = logging.getLogger(__name__)
JOBS_AT_ONCE = 4
POLL_S = 0.25
"""How late a job may begin that becomes due: PostgreSQL says when one is put in, not when it is."""
FINISH_WITHIN_S = 10.0
_TRY_AGAIN_S = 0.5
_MARGIN_S = 1.0
# Connections are checked before use and given up soon: what is slow here is not the work but only
# its book-keeping. A server that vanished without a word is noticed within seconds, too.
_CONNECTION = {
    "options": "-c timezone=UTC -c statement_timeout=10s -c lock_timeout=5s",
    "application_name": "nearcrew worker",
    "connect_timeout": 2,
    "tcp_user_timeout": 5_000,
}
_LOST = (ConnectorException, psycopg.OperationalError, sqlalchemy.exc.DBAPIError)


def connect_app(database_url: str) -> App:
    """Return an app for the worker of this database; it connects when the worker runs.

    One for the life of the process: a second one would add the namespace of each task once more.
    """
    url = make_url(database_url).set(drivername="postgresql")
    connector = PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        kwargs=_CONNECTION,
        min_size=1,
        max_size=JOBS_AT_ONCE + 1,
        timeout=1,
    )
    return App(connector=connector)


async def work_until(
    stop: asyncio.Event,
    app: App,
    *,
    why_not_ready: Callable[[], str | None],
    begin: Callable[[], None],
    finish_within_s: float = FINISH_WITHIN_S,
) -> bool:
    """Run jobs until asked to stop; return whether every job that was begun has ended.

    procrastinate's own worker ends, as if all were well, when it loses the database; this one waits
    until it is back. Jobs still running when it returns False are left as they are: the process is
    to end, and another worker takes them up.

    Parameters
    ----------
    stop
        Set when the worker is to stop.
    app
        With all tasks.
    why_not_ready
        Tries a plain connection and returns what to wait for, or None; called in a thread.
    begin
        What to do each time that work begins; called in a thread.
    finish_within_s
        How long a running job may take to end once the worker is asked to stop.
    """
    while await _until_ready(stop, why_not_ready):
        try:
            await app.open_async()
            await asyncio.to_thread(begin)
            LOG.info("Running jobs")
            if not await _work(stop, app, finish_within_s):
                return False
            if not stop.is_set():
                LOG.warning("The database was lost; jobs go on when it is back")
        except _LOST as lost:
            cause = lost.__cause__ or lost
            LOG.warning("The database was lost (%s)", type(cause).__name__)
            await _pause(stop, _TRY_AGAIN_S)
        finally:
            # Also after a failed opening, which leaves half a pool behind.
            await app.close_async()
    return True


async def _until_ready(stop: asyncio.Event, why_not_ready: Callable[[], str | None]) -> bool:
    """Wait until there is nothing to wait for; False when asked to stop first."""
    said = None
    while not stop.is_set():
        # Opening procrastinate's pool would wait for its own time, up to 30 s, without a word.
        reason = await asyncio.to_thread(why_not_ready)
        if reason is None:
            return True
        if reason != said:
            LOG.warning("Waiting: %s", reason)
            said = reason
        await _pause(stop, _TRY_AGAIN_S)
    return False


async def _work(stop: asyncio.Event, app: App, finish_within_s: float) -> bool:
    """Run jobs until asked to stop or the database is lost; False if jobs are still running."""
    options: dict[str, Any] = {
        "concurrency": JOBS_AT_ONCE,
        "fetch_job_polling_interval": POLL_S,
        "abort_job_polling_interval": 1.0,
        "update_heartbeat_interval": HEARTBEAT_S,
        "stalled_worker_timeout": STALLED_AFTER_S,
        "shutdown_graceful_timeout": finish_within_s,
        "delete_jobs": "successful",
        "install_signal_handlers": False,
        "worker_middleware": [_say_how_it_ended],
    }
    running = asyncio.create_task(app.run_worker_async(**options))
    rescuing = asyncio.create_task(rescue_stalled_jobs(app))
    asked = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, rescuing, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            # procrastinate takes this as the wish to finish what runs and take nothing new.
            running.cancel()
            # It waits without limit for a job in a thread, which nobody can end from outside.
            await asyncio.wait({running}, timeout=finish_within_s + _MARGIN_S)
        if not running.done():
            LOG.error("Jobs still run after %.0f s and are left", finish_within_s)
            return False
        for ended in (running, rescuing):
            if ended.done() and not ended.cancelled() and (error := ended.exception()):
                raise error
        return True
    finally:
        rescuing.cancel()
        asked.cancel()
        await asyncio.gather(rescuing, asked, return_exceptions=True)


async def _say_how_it_ended(
    run: Callable[[], Awaitable[Any]], context: JobContext, _worker: Worker
) -> Any:  # noqa: ANN401  (what the task returns)
    """Log one line for a job, and where it failed; never arguments or an error's own words.

    A database's refusal repeats the row that it refuses, with names and numbers of callers.
    """
    name = f"{context.job.task_name} (job {context.job.id})"
    began_s = time.monotonic()
    try:
        result = await run()
    except Exception as error:
        LOG.error("%s failed with %s at\n%s", name, type(error).__name__, fault_text(error))  # noqa: TRY400  (see above)
        raise
    LOG.info("%s: done in %.2f s", name, time.monotonic() - began_s)
    return result


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, unless asked to stop."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
