"""Running a study: its command as a child process, watched, and what it wrote taken in.

A worker that is killed takes the child with it; the job is run again by another worker, which
counts the attempts. Each attempt has a number, and one that finds another's in the row has lost the
study: it ends its child and writes nothing. So a worker that only stood still does no harm either.
"""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.jobs.queue import JobQueue
from dispatch.planning import study_folder
from dispatch.planning import study_rows
from dispatch.planning.models import PlanningStudy
from dispatch.planning.states import ENDED
from dispatch.planning.states import LIVE
from dispatch.planning.states import StudyFailure
from dispatch.planning.states import StudyKind
from dispatch.planning.states import StudyState
from dispatch.planning.states import next_attempt
from dispatch.planning.studies import KEPT
from dispatch.planning.study_arguments import command_of
from dispatch.planning.study_folder import REPORT
from dispatch.planning.study_folder import StudyFolder
from dispatch.planning.study_inputs import StudyInputs
from dispatch.planning.study_jobs import defer_study
from dispatch.planning.study_process import StudyLimits
from dispatch.settings import Settings

LOG = logging.getLogger(__name__)
_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_LIMITING: Final = (sys.executable, "-m", "dispatch.planning.study_process")
NEARCREW: Final = (sys.executable, "-m", "scripts.cli")
"""The command, by its name: nothing of the scripts is imported here."""
_LOOK_EVERY_S: Final = 0.5
_LEFT_ALONE: Final = timedelta(seconds=60)
_LONGEST_SAID: Final = 2_000
_TAIL_BYTES: Final = 4_000
_PERCENT: Final = re.compile(r"(\d{1,3})(?:\.\d+)? ?%")
_WHERE: Final = "Report: "
_HANDED_ON: Final = ("PATH", "LANG", "LC_ALL", "HOME", "TZ", "NEARCREW_TIME_ZONE")


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A study that this worker has taken up."""

    study_id: int
    number: int
    kind: StudyKind
    inputs: StudyInputs
    asked_by_id: int


@dataclass(frozen=True, slots=True)
class _Ended:
    """How the child ended; ``failure`` and ``cancelled`` are what ended it, if we did."""

    exit_code: int
    failure: StudyFailure | None = None
    cancelled: bool = False
    lost: bool = False


class StudyRunning:
    """Runs studies for the process that runs jobs.

    Parameters
    ----------
    unit_of_work
        Where studies are kept.
    jobs
        Where studies that were left are put in again.
    settings
        Of the worker: the child reads the ground from the same database.
    clock
        What time it is.
    limits
        What each may take.
    command
        The command whose arguments begin with ``study``.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        jobs: JobQueue,
        settings: Settings,
        clock: Clock,
        limits: StudyLimits | None = None,
        command: tuple[str, ...] = NEARCREW,
    ) -> None:
        self._work = unit_of_work
        self._jobs = jobs
        self._settings = settings
        self._clock = clock
        self._limits = limits or StudyLimits()
        self._command = command
        self._root = settings.studies_dir
        self._zone = ZoneInfo(settings.time_zone)

    def run(self, study_id: int) -> None:
        """Make a study, unless it has ended or was given up; run again, it does no harm."""
        attempt = self._take(study_id)
        if attempt is None:
            return
        folder = StudyFolder(self._root, attempt.study_id, attempt.number)
        folder.prepare()
        speeds = self._settings.speeds_file
        words = command_of(
            attempt.kind, attempt.inputs, folder, None if speeds is None else str(speeds)
        )
        with self._child(words, folder) as child:
            ended = self._watch(child, attempt, folder)
        if not ended.lost:
            self._settle(attempt, folder, ended)
            self._forget_older(attempt.asked_by_id)

    def take_up(self) -> None:
        """Put studies in again that nobody runs, and delete files that belong to none.

        A job is lost with a database that was restored, and one whose worker lost the database
        failed: its study would wait or run for ever.
        """
        now = self._clock()
        query = select(PlanningStudy.id).where(
            or_(
                (PlanningStudy.state == StudyState.QUEUED)
                & (PlanningStudy.asked_at < now - _LEFT_ALONE),
                (PlanningStudy.state == StudyState.RUNNING)
                & (PlanningStudy.alive_at < now - _LEFT_ALONE),
            )
        )
        with self._work.writing() as session:
            for study_id in session.scalars(query.order_by(PlanningStudy.id)).all():
                defer_study(self._jobs, session, study_id)
            known = set(session.scalars(select(PlanningStudy.id)))
        for study_id in study_folder.numbers_kept(self._root):
            if study_id not in known:
                study_folder.forget(self._root, study_id)

    def _take(self, study_id: int) -> _Attempt | None:
        now = self._clock()
        with self._work.writing() as session:
            study = session.get(PlanningStudy, study_id, with_for_update=True)
            if study is None:
                return None
            state = next_attempt(StudyState(study.state), study.attempts)
            if state in ENDED:
                if study.state in LIVE:
                    study.state, study.ended_at = StudyState.FAILED.value, now
                    study.failure = StudyFailure.INTERRUPTED.value
                return None
            if study.cancel_asked_at is not None:
                study.state, study.ended_at = StudyState.CANCELLED.value, now
                return None
            study.state, study.attempts = state.value, study.attempts + 1
            study.started_at = study.alive_at = now
            study.progress, study.progress_words = None, ""
            return _Attempt(
                study_id,
                study.attempts,
                StudyKind(study.kind),
                StudyInputs.of(study.inputs, self._zone),
                study.asked_by_id,
            )

    @contextmanager
    def _child(self, words: list[str], folder: StudyFolder) -> Iterator[subprocess.Popen[bytes]]:
        """Start the command, and end it whatever happens here."""
        asked = {"parent": os.getpid(), "limits": asdict(self._limits)}
        command = [*_LIMITING, json.dumps(asked), *self._command, "study", *words]
        with folder.said.open("wb") as said, folder.log.open("wb") as log:
            child = subprocess.Popen(  # noqa: S603  (ourselves)
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=log,
                cwd=folder.path,
                env=self._environment(folder),
            )
            try:
                yield child
            finally:
                child.kill()
                child.wait()

    def _environment(self, folder: StudyFolder) -> dict[str, str]:
        """Return what the child knows: the database with the ground, and no secret but that."""
        handed_on = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        return {
            **handed_on,
            "PYTHONPATH": str(_CHECKOUT),
            "DATABASE_URL": self._settings.database_url,
            "NEARCREW_VAR": str(self._settings.var_dir),
            "MPLCONFIGDIR": str(folder.path),
            "MPLBACKEND": "agg",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }

    def _watch(
        self, child: subprocess.Popen[bytes], attempt: _Attempt, folder: StudyFolder
    ) -> _Ended:
        """Wait for the end, say each moment how far it is, and end it when it must not go on."""
        until_s = time.monotonic() + self._limits.wall_s
        while True:
            try:
                return _Ended(child.wait(_LOOK_EVERY_S))
            except subprocess.TimeoutExpired:
                pass
            cancelled = self._say_alive(attempt, folder)
            if cancelled is None:
                return _Ended(-1, lost=True)
            if cancelled:
                return _Ended(-1, cancelled=True)
            if time.monotonic() > until_s:
                return _Ended(-1, StudyFailure.TOO_LONG)

    def _say_alive(self, attempt: _Attempt, folder: StudyFolder) -> bool | None:
        """Return whether the study is to be cancelled; None if it is another's by now."""
        words = _last_line(folder.log)
        statement = (
            update(PlanningStudy)
            .where(*_mine(attempt))
            .values(alive_at=self._clock(), progress=_share(words), progress_words=words[:200])
            .returning(PlanningStudy.cancel_asked_at.is_not(None))
        )
        with self._work.writing() as session:
            return session.scalar(statement)

    def _settle(self, attempt: _Attempt, folder: StudyFolder, ended: _Ended) -> None:
        values = self._result(attempt, folder, ended)
        with self._work.writing() as session:
            session.execute(
                update(PlanningStudy)
                .where(*_mine(attempt))
                .values(ended_at=self._clock(), progress_words="", **values)
            )
        if values["state"] != StudyState.DONE:
            shutil.rmtree(folder.out, ignore_errors=True)

    def _result(self, attempt: _Attempt, folder: StudyFolder, ended: _Ended) -> Mapping[str, Any]:
        """Return what becomes of the row."""
        if ended.cancelled:
            return {"state": StudyState.CANCELLED.value}
        said = folder.said.read_bytes()[:_LONGEST_SAID].decode("utf-8", "replace")
        files = folder.written()
        failure = ended.failure or _failure(ended.exit_code, folder)
        if failure is None and not any(name == REPORT for name, _ in files):
            failure = StudyFailure.BROKEN
        if failure is None and sum(size for _, size in files) > self._limits.all_bytes:
            failure = StudyFailure.TOO_LARGE
        if failure is not None:
            LOG.warning("Study %s failed: %s", attempt.study_id, failure.value)
            words = _tail(folder.log).strip() if failure is StudyFailure.REFUSED else ""
            state = StudyState.FAILED.value
            return {"state": state, "failure": failure.value, "said": words[-_LONGEST_SAID:]}
        folder.zip(name for name, _ in files)
        return {
            "state": StudyState.DONE.value,
            "progress": 1.0,
            "said": _sentences(said),
            "files": [{"name": name, "size_bytes": size} for name, size in files],
        }

    def _forget_older(self, account_id: int) -> None:
        """Keep the latest of a person's studies."""
        with self._work.writing() as session:
            older = study_rows.of_person(session, account_id, list(ENDED))[KEPT:]
            session.execute(delete(PlanningStudy).where(PlanningStudy.id.in_(older)))
        for study_id in older:
            study_folder.forget(self._root, study_id)


def _mine(attempt: _Attempt) -> tuple[Any, ...]:
    return (
        PlanningStudy.id == attempt.study_id,
        PlanningStudy.attempts == attempt.number,
        PlanningStudy.state == StudyState.RUNNING.value,
    )


def _sentences(said: str) -> str:
    """Return what a command said, but for where it wrote: that is nothing to somebody far away."""
    return "\n".join(line for line in said.splitlines() if not line.startswith(_WHERE)).strip()


def _failure(exit_code: int, folder: StudyFolder) -> StudyFailure | None:
    """Return why a command that ended by itself has no result; it says itself what it refuses."""
    if exit_code == 0:
        return None
    if exit_code < 0 or "Traceback (most recent call last)" in _tail(folder.log):
        return StudyFailure.BROKEN
    return StudyFailure.REFUSED


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _TAIL_BYTES))
        return file.read().decode("utf-8", "replace")


def _last_line(log: Path) -> str:
    lines = [each.strip() for each in re.split(r"[\r\n]", _tail(log)) if each.strip()]
    return lines[-1] if lines else ""


def _share(words: str) -> float | None:
    """Return the share that a line of progress tells in percent."""
    found = _PERCENT.search(words)
    return None if found is None else min(int(found[1]), 100) / 100
