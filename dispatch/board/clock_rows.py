"""Clocks of pledges as incidents show them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledge_clocks.states import BreachCause
from dispatch.pledge_clocks.states import ClockState
from dispatch.pledge_clocks.states import ClockVerdict
from dispatch.pledge_clocks.types import ClockAnswer
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StopEvent

_SHOWN = (ClockState.RUNNING, ClockState.PAUSED, ClockState.STOPPED)


def of_incidents(session: Session, ids: Collection[int]) -> dict[int, list[ClockAnswer]]:
    """Return the clocks of incidents by incident; those that ended unneeded only if missed."""
    query = select(PledgeClock).where(PledgeClock.incident_id.in_(ids)).order_by(PledgeClock.id)
    found: dict[int, list[ClockAnswer]] = {}
    for row in session.scalars(query):
        if row.state in _SHOWN or row.verdict is not None:
            found.setdefault(row.incident_id, []).append(clock_view(row))
    return found


def clock_view(row: PledgeClock) -> ClockAnswer:
    """Return a clock at hand as boards show it."""
    paused = row.state == ClockState.PAUSED
    return {
        "id": row.id,
        "name_en": row.rule["name_en"],
        "name_zh": row.rule["name_zh"],
        "stop": StopEvent(row.stop),
        "state": ClockState(row.state),
        "limit_s": row.rule["limit_s"],
        "started_at": instant(row.started_at),
        "warn_at": instant(row.warn_at),
        "due_at": instant(row.due_at),
        "left_s": row.left_s,
        "paused_by": row.pauses[-1]["reason"] if paused else None,
        "breached_at": instant(row.breached_at),
        "stopped_at": instant(row.stopped_at),
        "verdict": ClockVerdict(row.verdict) if row.verdict else None,
        "cause": BreachCause(row.cause) if row.cause else None,
        "may_pause_for": [PauseReason(each) for each in row.rule["pauses"]],
        "example": row.rule["example"],
    }
