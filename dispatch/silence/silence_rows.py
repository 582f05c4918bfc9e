"""What is known of crews' silence, read inside a transaction; and the deadline of each."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.positions.models import CrewPosition
from dispatch.shifts.models import DutySpell
from dispatch.silence.models import CrewSilence
from dispatch.silence.states import Limits
from dispatch.silence.states import Silence
from dispatch.trackers.models import Tracker
from dispatch.trackers.models import TrackerState

_POSITION_AHEAD = text(
    "UPDATE crew_position SET heard_at = :now WHERE crew_id = :crew_id AND heard_at > :now"
)
_TRACKERS_AHEAD = text("""
    UPDATE tracker_state AS state SET heard_at = :now FROM tracker
    WHERE tracker.id = state.tracker_id AND tracker.crew_id = :crew_id AND state.heard_at > :now
""")
_LIMITS = text("SELECT * FROM silence_limits_of(:crew_id)")


def limits(session: Session, crew_id: int, otherwise: Limits) -> Limits:
    """Return the limits of a crew: its own, its unit's, or the installation's."""
    row = session.execute(_LIMITS, {"crew_id": crew_id}).one_or_none()
    return otherwise if row is None else Limits(*row)


def known(session: Session, crew_id: int, now: datetime) -> tuple[Silence, datetime | None] | None:
    """Return what is known of a crew, and when it was heard last; None if it is not in service."""
    heard_by_now(session, crew_id, now)
    tracked = (
        select(func.count(), func.max(TrackerState.heard_at))
        .join(Tracker, Tracker.id == TrackerState.tracker_id)
        .where(Tracker.crew_id == crew_id, Tracker.revoked_at.is_(None))
    )
    trackers, tracked_at = session.execute(tracked).one()
    row = session.execute(
        select(
            Crew.duty,
            Crew.duty_changed_at,
            CrewPosition.heard_at,
            (CrewPosition.moved_at < CrewPosition.fixed_at).label("at_rest"),
            DutySpell.began_at,
        )
        .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
        .outerjoin(DutySpell, (DutySpell.crew_id == Crew.id) & DutySpell.ended_at.is_(None))
        .where(Crew.id == crew_id, Crew.retired_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    heard_at = max((at for at in (row.heard_at, tracked_at) if at is not None), default=None)
    silence = session.get(CrewSilence, crew_id, populate_existing=True)
    since = row.began_at or row.duty_changed_at
    if since > now and heard_at is not None:  # by a clock that was set back since
        since = heard_at
    found = Silence(
        duty=Duty(row.duty),
        has_device=bool(trackers) or row.heard_at is not None,
        heard_at=since if heard_at is None else max(heard_at, since),
        at_rest=bool(row.at_rest),
        escalate_at=None if silence is None else silence.escalate_at,
        told=silence is not None
        and (silence.escalated_at is not None or silence.seen_at is not None),
    )
    return found, heard_at


def heard_by_now(session: Session, crew_id: int, now: datetime) -> None:
    """Take what was heard in an hour that is yet to come, the clock being set back, as heard now.

    Else a crew would count as heard for as long as the clock was put back by.
    """
    ahead = {"crew_id": crew_id, "now": now}
    session.execute(_POSITION_AHEAD, ahead)
    session.execute(_TRACKERS_AHEAD, ahead)


def look_at(session: Session, crew_id: int, due_at: datetime, now: datetime) -> None:
    """Have a crew looked after at an instant, and at no other."""
    deadline_rows.replace_of_crews(session, DeadlineKind.CREW_SILENT, {crew_id: due_at}, now)


def stop_looking(session: Session, crew_id: int, now: datetime) -> None:
    """Have nobody look after a crew any more."""
    deadline_rows.cancel(session, [DeadlineKind.CREW_SILENT], now, crew_id=crew_id)
