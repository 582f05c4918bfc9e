"""All crews report, inside a transaction: who was asked, answered, and is missing."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.board.safety_view import roll_call_view
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.positions.models import CrewPosition
from dispatch.safety.models import RollCall
from dispatch.safety.models import RollCallAnswer
from dispatch.safety.types import RollCallAnswerView


def with_crews(session: Session, call: RollCall) -> RollCallAnswerView:
    """Return a roll call as the API shows it, those that are missing first."""
    query = (
        select(
            RollCallAnswer,
            Crew.name,
            longitude(CrewPosition.point).label("lon"),
            latitude(CrewPosition.point).label("lat"),
            CrewPosition.fixed_at,
        )
        .join(Crew, Crew.id == RollCallAnswer.crew_id)
        .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
        .where(RollCallAnswer.roll_call_id == call.id)
        .order_by(RollCallAnswer.answered_at.asc().nulls_first(), Crew.name)
    )
    return {
        **roll_call_view(call),
        "crews": [
            {
                "crew_id": row.RollCallAnswer.crew_id,
                "crew_name": row.name,
                "answered_at": instant(row.RollCallAnswer.answered_at),
                "answered_by": row.RollCallAnswer.answered_by,
                "lon": row.lon,
                "lat": row.lat,
                "fixed_at": instant(row.fixed_at),
            }
            for row in session.execute(query)
        ],
    }


def answer_all(
    session: Session,
    crew_id: int,
    by: str,
    now: datetime,
    answers: Callable[[datetime], bool],
) -> list[RollCall]:
    """Answer the open roll calls for a crew whose row is locked.

    Parameters
    ----------
    answers
        Whether what the crew said answers what was asked at an instant.

    Returns
    -------
    ended
        Those in which nobody is missing any more.
    """
    calls = (
        select(RollCall)
        .join(RollCallAnswer, RollCallAnswer.roll_call_id == RollCall.id)
        .where(
            RollCallAnswer.crew_id == crew_id,
            RollCallAnswer.answered_at.is_(None),
            RollCall.ended_at.is_(None),
        )
        .order_by(RollCall.id)
        .with_for_update(of=RollCall)
        .execution_options(populate_existing=True)
    )
    ended = []
    for call in session.scalars(calls).all():
        if not answers(call.asked_at):
            continue
        mine = session.get_one(RollCallAnswer, (call.id, crew_id))
        mine.answered_at, mine.answered_by = now, by
        session.flush()
        if not missing(session, call.id):
            call.ended_at = now
            ended.append(call)
    session.flush()
    return ended


def missing(session: Session, roll_call_id: int) -> int:
    """Return how many crews have not answered."""
    query = (
        select(func.count())
        .select_from(RollCallAnswer)
        .where(RollCallAnswer.roll_call_id == roll_call_id, RollCallAnswer.answered_at.is_(None))
    )
    return session.execute(query).scalar_one()


def tell_ended(session: Session, call: RollCall, actor: Actor, now: datetime) -> None:
    """Write the event of a roll call that ended."""
    events.append(
        session,
        EventKind.ROLL_CALL_ENDED,
        actor,
        at=now,
        incident_id=call.incident_id,
        data={"roll_call_id": call.id, "missing": missing(session, call.id)},
    )
