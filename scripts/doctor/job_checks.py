"""Whether the jobs that wait are run: is there a worker, and does it keep up."""

from collections.abc import Iterator

import psycopg

from scripts.doctor.findings import Finding
from scripts.doctor.findings import good
from scripts.doctor.findings import odd

SILENT_S = 15.0
"""A worker reports every second; one that was silent for this long is gone."""
LATE_S = 60.0
_NAMED_AT_MOST = 5
_WORKERS = """
    SELECT count(*) FROM procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => %s)
"""
# A job is due when it was put in, unless it names a later time.
_LATE = """
    SELECT count(*) FROM procrastinate_jobs AS job
    WHERE status = 'todo' AND coalesce(
        scheduled_at,
        (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred')
    ) < now() - make_interval(secs => %s)
"""
_LEFT = """
    SELECT count(*) FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND coalesce(worker.last_heartbeat, '-infinity')
        < now() - make_interval(secs => %s)
"""
_OVERDUE = """
    SELECT count(*) FROM deadline
    WHERE done_at IS NULL AND next_at < now() - make_interval(secs => %s)
"""
_FAILED = "SELECT id, task_name FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id DESC"


def examine(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    """Yield what the queue says of itself, as the role that serves sees it."""
    workers = _count(connection, _WORKERS, SILENT_S)
    late = _count(connection, _LATE, LATE_S)
    left = _count(connection, _LEFT, SILENT_S)
    if workers == 0:
        sentence = f"No job worker runs; {late} jobs are late."
        mend = "nearcrew worker, or `nearcrew serve`, which runs one itself (docs/deployment.md)"
        yield odd(sentence, mend)
    elif late:
        sentence = f"{late} jobs are late by more than a minute; job workers: {workers}."
        yield odd(sentence, "Start one more: nearcrew worker")
    else:
        yield good(f"Jobs are run; job workers: {workers}.")
    overdue = _count(connection, _OVERDUE, SILENT_S)
    if overdue:
        sentence = f"{overdue} deadlines have passed and nobody acted: orders wait unanswered."
        yield odd(sentence, "A running worker acts on them within a second: nearcrew worker")
    if left:
        sentence = f"{left} jobs were begun by a worker that is gone."
        yield odd(sentence, "A running worker takes them up within seconds: nearcrew worker")
    yield from _failed(connection)


def _failed(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    failed = connection.execute(_FAILED).fetchall()
    if failed:
        named = ", ".join(f"{task} (job {number})" for number, task in failed[:_NAMED_AT_MOST])
        more = " and older ones" if len(failed) > _NAMED_AT_MOST else ""
        yield odd(
            f"{len(failed)} jobs have failed: {named}{more}.",
            "Where, says the log of `nearcrew worker` under these numbers; after two weeks they"
            " are forgotten.",
        )


def _count(connection: psycopg.Connection[tuple[object, ...]], asked: str, seconds: float) -> int:
    row = connection.execute(asked, (seconds,)).fetchone()
    return int(str(row[0])) if row else 0
