"""The crews' safety as the API shows it, and what a desk sees of it at their orders."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.core.sql_expressions import any_of
from dispatch.safety.models import CheckInWatch
from dispatch.safety.models import HelpRequest
from dispatch.safety.models import RollCall
from dispatch.safety.models import SosCall
from dispatch.safety.states import HelpKind
from dispatch.safety.states import WatchState
from dispatch.safety.states import WorkPlace
from dispatch.safety.types import CheckInStateAnswer
from dispatch.safety.types import HelpAnswer
from dispatch.safety.types import OrderSafetyAnswer
from dispatch.safety.types import RollCallStateAnswer
from dispatch.safety.types import SosAnswer

_WATCHES = select(CheckInWatch).where(
    any_of(CheckInWatch.assignment_id, "ids"), CheckInWatch.ended_at.is_(None)
)
_HELP = select(HelpRequest).where(
    any_of(HelpRequest.assignment_id, "ids"), HelpRequest.ended_at.is_(None)
)


def watch_view(watch: CheckInWatch) -> CheckInStateAnswer:
    """Return a check-in as the API shows it."""
    return {
        "id": watch.id,
        "assignment_id": watch.assignment_id,
        "incident_id": watch.incident_id,
        "crew_id": watch.crew_id,
        "place": WorkPlace(watch.place) if watch.place else None,
        "every_s": watch.every_s,
        "state": WatchState(watch.state),
        "started_at": instant(watch.started_at),
        "well_at": instant(watch.well_at),
        "heard_at": instant(watch.heard_at),
        "due_at": instant(watch.due_at),
        "alarm_at": instant(watch.due_at + timedelta(seconds=watch.grace_s)),
        "missed_at": instant(watch.missed_at),
        "escalated_at": instant(watch.escalated_at),
    }


def help_view(wanted: HelpRequest) -> HelpAnswer:
    """Return a call for help as the API shows it."""
    return {
        "id": wanted.id,
        "assignment_id": wanted.assignment_id,
        "incident_id": wanted.incident_id,
        "crew_id": wanted.crew_id,
        "what": HelpKind(wanted.what),
        "words": wanted.words,
        "asked_at": instant(wanted.asked_at),
        "received_at": instant(wanted.received_at),
        "ended_at": instant(wanted.ended_at),
        "ended_by": wanted.ended_by,
    }


def roll_call_view(call: RollCall) -> RollCallStateAnswer:
    """Return that all crews were asked, without what they answered."""
    return {
        "id": call.id,
        "incident_id": call.incident_id,
        "asked_at": instant(call.asked_at),
        "asked_by": call.asked_by,
        "answer_by": instant(call.answer_by),
        "overdue_at": instant(call.overdue_at),
        "ended_at": instant(call.ended_at),
        "ended_by": call.ended_by,
    }


def sos_view(row: Any) -> SosAnswer:  # noqa: ANN401  (a result row: SosCall, name, lon, lat)
    """Return an SOS as the API shows it."""
    call: SosCall = row.SosCall
    return {
        "id": call.id,
        "crew_id": call.crew_id,
        "crew_name": row.name,
        "incident_id": call.incident_id,
        "assignment_id": call.assignment_id,
        "raised_at": instant(call.raised_at),
        "received_at": instant(call.received_at),
        "raised_by": call.raised_by,
        "lon": row.lon,
        "lat": row.lat,
        "fixed_at": instant(call.fixed_at),
        "taken_at": instant(call.taken_at),
        "taken_by": call.taken_by,
        "escalated_at": instant(call.escalated_at),
        "ended_at": instant(call.ended_at),
        "ended_by": call.ended_by,
        "end_reason": call.end_reason,
    }


def of_orders(session: Session, ids: Collection[int]) -> dict[int, OrderSafetyAnswer]:
    """Return what is to be said of live orders, by their ids; nothing of the others."""
    if not ids:
        return {}
    found: dict[int, OrderSafetyAnswer] = {}
    for watch in session.scalars(_WATCHES, {"ids": list(ids)}):
        found[watch.assignment_id] = {"check_in": watch_view(watch), "help": None}
    for wanted in session.scalars(_HELP, {"ids": list(ids)}):
        known = found.get(wanted.assignment_id, {"check_in": None, "help": None})
        found[wanted.assignment_id] = {**known, "help": help_view(wanted)}
    return found
