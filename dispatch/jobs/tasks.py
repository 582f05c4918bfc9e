"""Housekeeping as jobs: what they are called and when they run."""

from procrastinate import Blueprint

from dispatch.core.unit_of_work import UnitOfWork
from dispatch.jobs.housekeeping import Housekeeping
from dispatch.jobs.queue import JobQueue
from dispatch.jobs.retention import Retention

HOUSEKEEPING = "housekeeping"
FORGET_EXPIRED = f"{HOUSEKEEPING}:forget_expired"
PREPARE_DAYS = f"{HOUSEKEEPING}:prepare_days"
DROP_OLD_POSITIONS = f"{HOUSEKEEPING}:drop_old_positions"
ERASE_OLD_PHOTOS = f"{HOUSEKEEPING}:erase_old_photos"
ERASE_OLD_PERSONAL_DATA = f"{HOUSEKEEPING}:erase_old_personal_data"
EVERY_HOUR = (
    FORGET_EXPIRED,
    PREPARE_DAYS,
    DROP_OLD_POSITIONS,
    ERASE_OLD_PHOTOS,
    ERASE_OLD_PERSONAL_DATA,
)


def housekeeping_tasks(housekeeping: Housekeeping, retention: Retention) -> Blueprint:
    """Return the tasks, each run every hour; to be added to one app under `HOUSEKEEPING`.

    All workers put them in when they are due, and the name they share leaves one of each waiting.
    The minutes differ from each other and from the full hour, at which everything else runs.
    """
    tasks = Blueprint()

    @tasks.periodic(cron="17 * * * *")
    @tasks.task(name="forget_expired", queueing_lock=FORGET_EXPIRED)
    def forget_expired(timestamp: int) -> None:  # noqa: ARG001  (when it was due; it does not matter)
        housekeeping.forget_expired()

    @tasks.periodic(cron="47 * * * *")
    @tasks.task(name="prepare_days", queueing_lock=PREPARE_DAYS)
    def prepare_days(timestamp: int) -> None:  # noqa: ARG001  (as above)
        housekeeping.prepare_days()

    @tasks.periodic(cron="7 * * * *")
    @tasks.task(name="drop_old_positions", queueing_lock=DROP_OLD_POSITIONS)
    def drop_old_positions(timestamp: int) -> None:  # noqa: ARG001  (as above)
        retention.drop_old_positions()

    @tasks.periodic(cron="27 * * * *")
    @tasks.task(name="erase_old_photos", queueing_lock=ERASE_OLD_PHOTOS)
    def erase_old_photos(timestamp: int) -> None:  # noqa: ARG001  (as above)
        retention.erase_old_photos()

    @tasks.periodic(cron="57 * * * *")
    @tasks.task(name="erase_old_personal_data", queueing_lock=ERASE_OLD_PERSONAL_DATA)
    def erase_old_personal_data(timestamp: int) -> None:  # noqa: ARG001  (as above)
        retention.erase_old_personal_data()

    return tasks


def defer_housekeeping(unit_of_work: UnitOfWork, queue: JobQueue) -> None:
    """Put all of it in now: at a worker's start nobody knows when it was last done."""
    with unit_of_work.writing() as session:
        for task in EVERY_HOUR:
            queue.defer(session, task, once=task, timestamp=0)
