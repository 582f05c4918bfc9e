"""What has expired goes, what is about to be needed is there."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.jobs.housekeeping import KEEP_FAILED_JOBS
from dispatch.jobs.tasks import EVERY_HOUR
from dispatch.jobs.tasks import defer_housekeeping
from tests.conftest import SettableClock
from tests.looking import looking

pytestmark = pytest.mark.postgis
_FAILED = text("""
    WITH job AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, status)
        VALUES ('default', :name, CAST(:status AS procrastinate_job_status)) RETURNING id)
    INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'failed', :at FROM job
""")


def test_expired_sign_ins_are_forgotten_and_valid_ones_kept(
    services: Services, dispatcher: Actor, clock: SettableClock
) -> None:
    """They are refused before that already; this frees their room."""
    services.accounts.open_session(dispatcher)
    clock.forward(services.settings.session_hours * 3600 - 60)
    services.accounts.open_session(dispatcher)
    clock.forward(120)

    services.housekeeping.forget_expired()

    with looking(services.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM credential")) == 1


def test_jobs_that_failed_long_ago_are_forgotten(services: Services, clock: SettableClock) -> None:
    """Who waits is left alone, however long ago it was put in."""
    old, young = clock() - KEEP_FAILED_JOBS - timedelta(hours=1), clock() - timedelta(days=1)
    with looking(services.engine) as connection:
        for name, status, at in (
            ("old", "failed", old),
            ("young", "failed", young),
            ("waiting", "todo", old),
        ):
            connection.execute(_FAILED, {"name": name, "status": status, "at": at})

    services.housekeeping.forget_expired()

    with looking(services.engine) as connection:
        names = connection.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id"))
        assert names.all() == ["young", "waiting"]


def test_today_and_tomorrow_have_their_partitions(
    services: Services, clock: SettableClock, owner_engine: Engine
) -> None:
    """Also when somebody made them already."""
    days = [(clock() + timedelta(days=ahead)).strftime("%Y%m%d") for ahead in (0, 1)]

    for _ in range(2):
        services.housekeeping.prepare_days()

    there = text("SELECT to_regclass('position_report_' || :day) IS NOT NULL")
    with owner_engine.connect() as connection:
        assert all(connection.scalar(there, {"day": day}) for day in days)


def test_workers_that_start_together_put_it_in_once(services: Services) -> None:
    """Ten of them after a power cut do not do it ten times."""
    for _ in range(2):
        defer_housekeeping(services.work, services.jobs)

    with looking(services.engine) as connection:
        waiting = connection.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id"))
        assert waiting.all() == list(EVERY_HOUR)
