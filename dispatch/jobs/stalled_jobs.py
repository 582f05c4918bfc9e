"""Taking up the jobs of workers that are gone.

A worker that is killed leaves its job `doing` for ever, and the job's lock holds up others. Every
worker says each second that it is alive, and every worker looks for jobs of those that no longer
do.
"""

import asyncio
import logging

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job
from procrastinate.jobs import Status
from psycopg.errors import RaiseException

LOG = logging.getLogger(__name__)
HEARTBEAT_S = 1.0
STALLED_AFTER_S = 3.0
"""A worker silent for this long is taken for dead; if it was not, its job runs twice."""
_LOOK_EVERY_S = 1.0
MOST_ATTEMPTS = 5
"""A job that takes its worker with it each time (memory, a native crash) is given up then."""


async def rescue_stalled_jobs(app: App) -> None:
    """Look for such jobs each second until cancelled, or until the database is lost.

    Raises
    ------
    ConnectorException
        When the database is lost.
    """
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
            try:
                await _rescue(app, job)
            except ConnectorException as error:
                # procrastinate's functions raise this when the job has changed: another worker
                # was quicker.
                if not isinstance(error.__cause__, RaiseException):
                    raise


async def _rescue(app: App, job: Job) -> None:
    name = f"{job.task_name} (job {job.id})"
    if job.attempts + 1 >= MOST_ATTEMPTS:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        LOG.error("%s has cost %d workers and is given up", name, job.attempts + 1)
        return
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        # The same work waits already under its queueing lock: this one need not be done again,
        # and as long as it looked busy its lock could hold up the other.
        await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
        LOG.warning("%s was left by a worker that is gone; the same job waits already", name)
    else:
        LOG.warning("%s was left by a worker that is gone; it is run again", name)
