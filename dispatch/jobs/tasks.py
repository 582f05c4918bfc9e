"""Housekeeping as jobs: what they are called and when they run."""

from collections.abc import Callable

from procrastinate import Blueprint

from dispatch.core.unit_of_work import UnitOfWork
from dispatch.jobs.housekeeping import Housekeeping
from dispatch.jobs.queue import JobQueue
from dispatch.jobs.retention import Retention

HOUSEKEEPING = "housekeeping"
_MINUTES = {
    "forget_expired": 17,
    "prepare_days": 47,
    "drop_old_positions": 7,
    "erase_old_photos": 27,
    "erase_old_recordings": 37,
    "erase_old_personal_data": 57,
}
"""When each is due in every hour: apart from each other, and from the full hour of all else."""
EVERY_HOUR = tuple(f"{HOUSEKEEPING}:{name}" for name in _MINUTES)


def housekeeping_tasks(housekeeping: Housekeeping, retention: Retention) -> Blueprint:
    """Return the tasks, each run every hour; to be added to one app under `HOUSEKEEPING`.

    All workers put them in when they are due, and the name they share leaves one of each waiting.
    The minutes differ from each other and from the full hour, at which everything else runs.
    """
    tasks = Blueprint()
    work = {
        "forget_expired": housekeeping.forget_expired,
        "prepare_days": housekeeping.prepare_days,
        "drop_old_positions": retention.drop_old_positions,
        "erase_old_photos": retention.erase_old_photos,
        "erase_old_recordings": retention.erase_old_recordings,
        "erase_old_personal_data": retention.erase_old_personal_data,
    }
    for name, minute in _MINUTES.items():
        _run_every_hour(tasks, name, minute, work[name])
    return tasks


def _run_every_hour(tasks: Blueprint, name: str, minute: int, work: Callable[[], object]) -> None:
    @tasks.periodic(cron=f"{minute} * * * *")
    @tasks.task(name=name, queueing_lock=f"{HOUSEKEEPING}:{name}")
    def run(timestamp: int) -> None:  # noqa: ARG001  (when it was due; it does not matter)
        work()


def defer_housekeeping(unit_of_work: UnitOfWork, queue: JobQueue) -> None:
    """Put all of it in now: at a worker's start nobody knows when it was last done."""
    with unit_of_work.writing() as session:
        for task in EVERY_HOUR:
            queue.defer(session, task, once=task, timestamp=0)
