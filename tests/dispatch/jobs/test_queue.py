"""A job shares the fate of the transaction that causes it."""

import threading
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.dispatch.jobs.conftest import Trial
from tests.dispatch.jobs.trial_worker import NOTE

pytestmark = pytest.mark.postgis


def test_a_rollback_removes_the_job(trial: Trial, app_engine: Engine) -> None:
    """Otherwise a notice goes out about an order that was never sent."""
    with Session(app_engine) as session:
        assert trial.queue.defer(session, NOTE, name="a") is not None
        inside = session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
        session.rollback()

    assert inside == 1
    assert trial.jobs() == []


def test_a_commit_keeps_it_with_its_arguments_and_its_time(trial: Trial) -> None:
    """As the role that serves: it may put jobs in."""
    due_at = datetime.now(UTC) + timedelta(hours=1)

    job_id = trial.defer(NOTE, due_at=due_at, lock="order:7", name="a")

    with trial.app_engine.connect() as connection:
        row = connection.execute(
            text("SELECT id, args, scheduled_at, lock FROM procrastinate_jobs")
        ).one()
    assert tuple(row) == (job_id, {"name": "a"}, due_at, "order:7")


def test_the_same_job_waits_once_and_its_refusal_spoils_nothing(
    trial: Trial, app_engine: Engine
) -> None:
    """PostgreSQL aborts a transaction in which a constraint has refused a row."""
    trial.defer(NOTE, once="note", name="first")
    with Session(app_engine) as session, session.begin():
        again = trial.queue.defer(session, NOTE, once="note", name="second")
        session.execute(text("INSERT INTO trial_note (name, pid) VALUES ('went on', 0)"))

    assert again is None
    assert trial.names() == ["went on"]
    assert trial.jobs() == [(NOTE, "todo")]


def test_putting_jobs_in_opens_no_pool(trial: Trial) -> None:
    """Its threads would stop a gevent worker, and its connections are not counted anywhere."""
    before = set(threading.enumerate())

    trial.defer(NOTE, name="a")

    assert set(threading.enumerate()) == before
