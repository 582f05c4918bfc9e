"""Studies: asked for, listed, cancelled, removed, and their files."""

from pathlib import Path
from typing import Final

from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.scope import current
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.jobs.queue import JobQueue
from dispatch.planning import scenario_rows
from dispatch.planning import study_folder
from dispatch.planning import study_rows
from dispatch.planning.models import PlanningStudy
from dispatch.planning.states import ENDED
from dispatch.planning.states import LIVE
from dispatch.planning.states import OF_WHOLE_LOG
from dispatch.planning.states import StudyState
from dispatch.planning.study_folder import ZIPPED
from dispatch.planning.study_folder import StudyFolder
from dispatch.planning.study_inputs import freeze
from dispatch.planning.study_jobs import defer_study
from dispatch.planning.types import StartStudy
from dispatch.planning.types import StudiesAnswer
from dispatch.planning.types import StudyAnswer
from dispatch.writes.idempotency import Once
from geodata.ground.models import Ground

KEPT: Final = 20
"""So many ended studies of each person are kept; older ones go, with their files."""
MOST_LIVE: Final = 5
"""So many may wait or run for one person: studies run one after the other."""
_MOST_LISTED: Final = 200


class StudyService:
    """Has studies made of scenarios.

    Parameters
    ----------
    unit_of_work
        Where studies are kept.
    jobs
        Where they are put in.
    root
        The folder of their files.
    clock
        What time it is.
    """

    def __init__(self, unit_of_work: UnitOfWork, jobs: JobQueue, root: Path, clock: Clock) -> None:
        self._work = unit_of_work
        self._jobs = jobs
        self._root = root
        self._clock = clock

    def list(self, actor: Actor) -> StudiesAnswer:
        """Return the latest studies, and whether anybody runs them."""
        actor.require(Permission.PLANNING_WRITE)
        now = self._clock()
        query = study_rows.without_inputs().order_by(PlanningStudy.id.desc()).limit(_MOST_LISTED)
        with self._work.reading() as session:
            return {
                "server_time": instant(now),
                "worker_alive": study_rows.worker_alive(session),
                "kept": KEPT,
                "studies": [study_rows.view(each, now) for each in session.scalars(query)],
            }

    def get(self, actor: Actor, study_id: int) -> StudyAnswer:
        """Return one study.

        Raises
        ------
        NotFound
            If there is none.
        """
        actor.require(Permission.PLANNING_WRITE)
        with self._work.reading() as session:
            return study_rows.view(study_rows.one(session, study_id), self._clock())

    def start(
        self, actor: Actor, wanted: StartStudy, idempotency_key: str | None = None
    ) -> tuple[StudyAnswer, bool]:
        """Put a study in, of a scenario as it is now.

        Returns
        -------
        study, replayed
            The study, and whether it was put in before under this key.

        Raises
        ------
        NotFound
            If there is no such scenario.
        InvalidInput
            On ``scenario_id``, if it has no standby point; on ``count``, if there are fewer.
        Conflict
            ``part_of_the_log`` if it is made of all incidents and the actor does not see them,
            ``no_ground`` without a road network, ``too_many_studies`` if five of this person wait
            or run, ``idempotency_mismatch``.
        """
        actor.require(Permission.PLANNING_WRITE)
        once = Once.of(actor, idempotency_key, wanted)
        now = self._clock()
        with self._work.writing() as session:
            return once.run(session, now, lambda: self._put_in(session, actor, wanted))

    def cancel(self, actor: Actor, study_id: int) -> StudyAnswer:
        """Let a study not be made, or end the process that makes it; said again it is the same.

        Raises
        ------
        NotFound
            If there is no such study.
        """
        actor.require(Permission.PLANNING_WRITE)
        now = self._clock()
        with self._work.writing() as session:
            study = study_rows.one(session, study_id, locked=True)
            if study.state in LIVE:
                study.cancel_asked_at = study.cancel_asked_at or now
            if study.state == StudyState.QUEUED:
                study.state, study.ended_at = StudyState.CANCELLED.value, now
            session.flush()
            return study_rows.view(study, now)

    def remove(self, actor: Actor, study_id: int) -> StudyAnswer:
        """Remove a study that has ended, with its files, and return it as it was.

        Raises
        ------
        NotFound
            If there is no such study.
        Conflict
            ``study_live`` if it waits or runs: cancel it first.
        """
        actor.require(Permission.PLANNING_WRITE)
        with self._work.writing() as session:
            study = study_rows.one(session, study_id, locked=True)
            if study.state not in ENDED:
                raise Conflict("study_live", N_("This study has not ended: cancel it first."))
            answer = study_rows.view(study, self._clock())
            session.delete(study)
        study_folder.forget(self._root, answer["id"])
        return answer

    def file(self, actor: Actor, study_id: int, name: str) -> Path:
        """Return where a file of a study is; ``study.zip`` holds all of them.

        Raises
        ------
        NotFound
            If there is no such study, or it has no such file.
        """
        actor.require(Permission.PLANNING_WRITE)
        with self._work.reading() as session:
            study = study_rows.one(session, study_id)
        folder = StudyFolder(self._root, study.id, study.attempts)
        if name == ZIPPED and study.state == StudyState.DONE:
            path = folder.zipped
        elif any(each["name"] == name for each in study.files):
            path = folder.out / name
        else:
            raise NotFound.thing("study_file", name)
        if not path.is_file():  # cleared away by hand, or kept on another machine
            raise NotFound.thing("study_file", name)
        return path

    def _put_in(self, session: Session, actor: Actor, wanted: StartStudy) -> StudyAnswer:
        now = self._clock()
        scenario = scenario_rows.one(session, wanted.scenario_id)
        if not scenario.posts:
            raise InvalidInput.one("scenario_id", N_("this scenario has no standby points"))
        if (wanted.count or 1) > len(scenario.posts):
            raise InvalidInput.one("count", N_("the scenario has fewer standby points"))
        if wanted.kind in OF_WHOLE_LOG and not _sees_everything():
            message = N_("This study reads all incidents; you see those of your unit only.")
            raise Conflict("part_of_the_log", message)
        if not session.scalar(select(exists().select_from(Ground))):
            raise Conflict("no_ground", N_("No road network is loaded yet."))
        account_id = actor.account_id or 0
        if len(study_rows.of_person(session, account_id, list(LIVE))) >= MOST_LIVE:
            message = N_("%(count)s of your studies wait or run: cancel one, or wait for it.")
            raise Conflict("too_many_studies", message, {"count": MOST_LIVE})
        study = PlanningStudy(
            kind=wanted.kind.value,
            title=scenario.name,
            scenario_id=scenario.id,
            inputs=freeze(session, scenario, wanted.count, now),
            state=StudyState.QUEUED.value,
            attempts=0,
            progress_words="",
            asked_at=now,
            asked_by=actor.display_name,
            asked_by_id=account_id,
            said="",
            files=[],
        )
        session.add(study)
        session.flush()
        defer_study(self._jobs, session, study.id)
        return study_rows.view(study, now)


def _sees_everything() -> bool:
    scope = current()
    return scope is None or scope.everything
