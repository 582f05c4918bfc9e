"""Workers as processes, and what their jobs noted."""

import os
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGCONT
from signal import SIGSTOP
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.jobs.queue import JobQueue
from tests.conftest import CHECKOUT
from tests.conftest import Database
from tests.dispatch.jobs import trial_worker
from tests.waiting import PATIENCE_S
from tests.waiting import wait_until

_GONE = 10.0


@dataclass(frozen=True, slots=True)
class TrialWorker:
    """A running worker and the file it logs to."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """Return its log."""
        return self.log.read_text(encoding="utf-8")

    def is_running_jobs(self) -> bool:
        """Tell whether it has connected and taken up work."""
        assert self.process.poll() is None, self.said()
        return "Running jobs" in self.said()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let the other worker have all jobs until the block ends.

        Whoever stands still for some seconds loses its own jobs: let it have none.
        """
        os.kill(self.process.pid, SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, SIGCONT)


@dataclass(frozen=True, slots=True)
class Trial:
    """Puts jobs in, as a service would, and reads what they did."""

    app_engine: Engine
    queue: JobQueue

    def defer(self, task: str, **options: Any) -> int:  # noqa: ANN401  (the task's own)
        """Put a job in, in a transaction of its own."""
        with Session(self.app_engine) as session, session.begin():
            job_id = self.queue.defer(session, task, **options)
        assert job_id is not None
        return job_id

    def notes(self) -> list[tuple[str, int]]:
        """Return what was noted, and by which process."""
        return [(row.name, row.pid) for row in self._ask("SELECT * FROM trial_note ORDER BY id")]

    def names(self) -> list[str]:
        """Return what was noted."""
        return [name for name, _ in self.notes()]

    def jobs(self) -> list[tuple[str, str]]:
        """Return the jobs of tests that are in the queue, with their states."""
        asked = "SELECT * FROM procrastinate_jobs WHERE task_name LIKE 'trial:%' ORDER BY id"
        return [(row.task_name, row.status) for row in self._ask(asked)]

    def execute(self, statement: str, **parameters: int) -> None:
        """Change a row."""
        with self.app_engine.begin() as connection:
            connection.execute(text(statement), parameters)

    def _ask(self, asked: str) -> list[Any]:
        with self.app_engine.connect() as connection:
            return list(connection.execute(text(asked)))

    @contextmanager
    def gate_closed(self) -> Iterator[Connection]:
        """Keep jobs that wait at the gate running until the block ends."""
        with self.app_engine.connect() as connection:
            asked = text("SELECT pg_advisory_lock(:gate)")
            connection.execute(asked, {"gate": trial_worker.GATE})
            try:
                yield connection
            finally:
                connection.execute(text("SELECT pg_advisory_unlock_all()"))


@pytest.fixture(scope="session")
def trial_tables(owner_engine: Engine) -> None:
    """Make the tables that the tasks of tests write to."""
    with owner_engine.begin() as connection:
        connection.execute(text(trial_worker.TABLES))


@pytest.fixture
def trial(
    app_engine: Engine,
    owner_engine: Engine,
    trial_tables: None,  # noqa: ARG001  (they are there)
) -> Iterator[Trial]:
    """Give the queue, empty before and after."""
    _empty(owner_engine)
    yield Trial(app_engine, JobQueue())
    _empty(owner_engine)


def _empty(owner_engine: Engine) -> None:
    with owner_engine.begin() as connection:
        for table in ("procrastinate_periodic_defers", "procrastinate_jobs"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  (the names above)
        connection.execute(text("DELETE FROM trial_note"))
        connection.execute(text("DELETE FROM trial_thing"))


@contextmanager
def running_worker(app_url: str, folder: Path) -> Iterator[TrialWorker]:
    """Run a worker until the block ends."""
    log = folder / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  (ourselves)
            [sys.executable, "-m", trial_worker.__name__],
            cwd=CHECKOUT,
            env={**os.environ, "DATABASE_URL": app_url, "NEARCREW_VAR": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield TrialWorker(process, log)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GONE)
        process.kill()
        process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def standing_worker(
    database: Database,
    trial_tables: None,  # noqa: ARG001  (they are there)
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TrialWorker]:
    """Give a worker that all tests of a module share and none may end."""
    with running_worker(database.app_url, tmp_path_factory.mktemp("standing")) as worker:
        wait_until(worker.is_running_jobs)
        yield worker


@pytest.fixture(scope="module")
def spare_workers(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], TrialWorker]]:
    """Return a function that gives a second worker: the former one, unless it was ended."""
    with ExitStack() as stack:
        started: list[TrialWorker] = []

        def spare() -> TrialWorker:
            if not started or started[-1].process.poll() is not None:
                running = running_worker(database.app_url, tmp_path_factory.mktemp("spare"))
                started.append(stack.enter_context(running))
                wait_until(started[-1].is_running_jobs)
            return started[-1]

        yield spare


@pytest.fixture
def second_worker(
    standing_worker: TrialWorker, spare_workers: Callable[[], TrialWorker]
) -> TrialWorker:
    """Give one more, which a test may end as it likes."""
    assert standing_worker.is_running_jobs()
    return spare_workers()
