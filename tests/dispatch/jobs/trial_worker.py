"""A worker as `nearcrew worker` runs it, with tasks for tests: python -m … trial_worker."""

import os
from datetime import UTC
from datetime import datetime
from zoneinfo import ZoneInfo

import procrastinate
from sqlalchemy import text

from dispatch.bootstrap import Services
from dispatch.bootstrap import job_app
from dispatch.records.decoder import DecoderLimits
from dispatch.records.decoding import PhotoDecoding
from dispatch.settings import Settings
from scripts.serving.worker import run_worker

NOTE = "trial:note"
NOTE_AND_WAIT = "trial:note_and_wait"
CLOSE_IF_OPEN = "trial:close_if_open"
FAIL = "trial:fail"
DECODE_TIGHTLY = "trial:decode_tightly"
SECRET = "13800138000"  # noqa: S105  (a telephone number, as a database error would repeat it)
GATE = 4711
"""An advisory lock: while a test holds it, a job that waits for it goes on running."""

TABLES = """
CREATE TABLE trial_note (id bigserial PRIMARY KEY, name text NOT NULL, pid int NOT NULL);
CREATE TABLE trial_thing (id int PRIMARY KEY, state text NOT NULL, closings int NOT NULL);
COMMENT ON TABLE trial_note IS 'Shared: of a test';
COMMENT ON TABLE trial_thing IS 'Shared: of a test';
GRANT SELECT, INSERT, DELETE, UPDATE ON trial_note, trial_thing TO nearcrew_app;
GRANT USAGE ON SEQUENCE trial_note_id_seq TO nearcrew_app;
"""
_NOTE = text("INSERT INTO trial_note (name, pid) VALUES (:name, :pid)")
_WAIT = text("SELECT pg_advisory_xact_lock_shared(:gate)")
_CLOSE = text(
    "UPDATE trial_thing SET state = 'closed', closings = closings + 1"
    " WHERE id = :id AND state = 'open'"
)
_REFUSED = text("INSERT INTO trial_thing (id, state, closings) VALUES (:id, :phone, NULL)")


def trial_app(services: Services) -> procrastinate.App:
    """Return the product's app with tasks for tests."""
    app = job_app(services)
    app.add_tasks_from(_trial_tasks(services), namespace="trial")
    return app


def _trial_tasks(services: Services) -> procrastinate.Blueprint:
    tasks = procrastinate.Blueprint()

    def note(name: str) -> None:
        with services.work.writing() as session:
            session.execute(_NOTE, {"name": name, "pid": os.getpid()})

    def note_and_wait(name: str) -> None:
        note(name)
        with services.work.writing() as session:
            session.execute(text("SET LOCAL lock_timeout = 0"))
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(_WAIT, {"gate": GATE})
        note(f"{name}, done")

    def close_if_open(thing: int) -> None:
        with services.work.writing() as session:
            session.execute(_CLOSE, {"id": thing})
        note(f"closing {thing}")

    def fail() -> None:
        with services.work.writing() as session:
            session.execute(_REFUSED, {"id": 1, "phone": SECRET})

    tight = PhotoDecoding(
        services.work,
        lambda: datetime.now(UTC),
        ZoneInfo("UTC"),
        services.jobs,
        limits=DecoderLimits(memory_bytes=90_000_000),
    )
    tasks.task(name="decode_tightly")(tight.decode)
    tasks.task(name="note")(note)
    tasks.task(name="note_and_wait")(note_and_wait)
    tasks.task(name="close_if_open")(close_if_open)
    tasks.task(name="fail")(fail)
    return tasks


if __name__ == "__main__":
    run_worker(Settings.from_environment(), trial_app)
