"""Studies as rows: read without their inputs, and as they are answered."""

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Final

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.orm import defer

from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.planning.models import PlanningStudy
from dispatch.planning.states import StudyFailure
from dispatch.planning.states import StudyKind
from dispatch.planning.states import StudyState
from dispatch.planning.types import StudyAnswer

SILENT_AFTER: Final = timedelta(seconds=30)
"""The worker that runs a study says every second that it does."""
_WORKERS = text("""
    SELECT count(*) FROM procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => :silent_s)
""")
_WORKER_SILENT_S: Final = 15.0


def without_inputs() -> Select[PlanningStudy]:
    """Return the query of studies; what they were made of stays where it is."""
    return select(PlanningStudy).options(defer(PlanningStudy.inputs, raiseload=True))


def one(session: Session, study_id: int, *, locked: bool = False) -> PlanningStudy:
    """Return one study that is seen.

    Raises
    ------
    NotFound
        If there is none.
    """
    query = without_inputs().where(PlanningStudy.id == min(study_id, LARGEST_ID))
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NotFound.thing("study", study_id)
    return found


def of_person(session: Session, account_id: int, states: Sequence[StudyState]) -> list[int]:
    """Return the studies of somebody that are in some states, the latest first."""
    query = (
        select(PlanningStudy.id)
        .where(
            PlanningStudy.asked_by_id == account_id,
            PlanningStudy.state.in_([each.value for each in states]),
        )
        .order_by(PlanningStudy.id.desc())
    )
    return list(session.scalars(query))


def worker_alive(session: Session) -> bool:
    """Return whether somebody runs jobs at the moment."""
    return bool(session.scalar(_WORKERS, {"silent_s": _WORKER_SILENT_S}))


def view(study: PlanningStudy, now: datetime) -> StudyAnswer:
    """Return a study as it is answered."""
    running = study.state == StudyState.RUNNING
    return {
        "id": study.id,
        "kind": StudyKind(study.kind),
        "title": study.title,
        "scenario_id": study.scenario_id,
        "state": StudyState(study.state),
        "progress": study.progress,
        "progress_words": study.progress_words,
        "asked_at": instant(study.asked_at),
        "asked_by": study.asked_by,
        "started_at": instant(study.started_at),
        "ended_at": instant(study.ended_at),
        "lost": running and (study.alive_at is None or study.alive_at < now - SILENT_AFTER),
        "cancelling": study.cancel_asked_at is not None and study.ended_at is None,
        "failure": None if study.failure is None else StudyFailure(study.failure),
        "said": study.said,
        "files": [{"name": each["name"], "size_bytes": each["size_bytes"]} for each in study.files],
    }
