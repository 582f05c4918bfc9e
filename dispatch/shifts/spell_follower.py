"""Keeps from when until when crews were on duty, as the event log tells it."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.shifts.models import DutySpell


class SpellFollower:
    """A spell on duty begins and ends with the crew's duty; a break is part of it."""

    kinds = frozenset({EventKind.CREW_ADDED, EventKind.CREW_DUTY_CHANGED})

    def follow(self, session: Session, happened: Happened) -> None:
        """Begin or end a spell; the crew's row is locked, or new."""
        if happened.crew_id is None:
            return
        if happened.kind is EventKind.CREW_ADDED:
            duty = session.scalar(select(Crew.duty).where(Crew.id == happened.crew_id))
        else:
            duty = happened.data["to"]
        # A phone without signal tells later what was said before: the hours count from then.
        if duty == Duty.OFF_DUTY:
            _end(session, happened.crew_id, happened.occurred_at)
        else:
            _begin(session, happened.crew_id, happened.occurred_at)


def _begin(session: Session, crew_id: int, at: datetime) -> None:
    is_open = select(DutySpell.id).where(DutySpell.crew_id == crew_id, DutySpell.ended_at.is_(None))
    if session.scalar(is_open) is None:
        session.execute(insert(DutySpell).values(crew_id=crew_id, began_at=at))


def _end(session: Session, crew_id: int, at: datetime) -> None:
    session.execute(
        update(DutySpell)
        .where(DutySpell.crew_id == crew_id, DutySpell.ended_at.is_(None))
        # A clock that was set back must not keep anybody from ending duty.
        .values(ended_at=func.greatest(DutySpell.began_at, at))
        .execution_options(synchronize_session=False)
    )
