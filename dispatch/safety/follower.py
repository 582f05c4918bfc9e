"""What follows for the crews' safety from what happens to their orders."""

from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.assignments.models import Assignment
from dispatch.core.instants import instant
from dispatch.events import log as events
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.safety import help_requests
from dispatch.safety import watch_rows

_ENDS = frozenset(
    {
        EventKind.ASSIGNMENT_COMPLETED,
        EventKind.ASSIGNMENT_WITHDRAWN,
        EventKind.ASSIGNMENT_DECLINED,
        EventKind.ASSIGNMENT_EXPIRED,
        EventKind.ASSIGNMENT_INTERRUPTED,
    }
)


class SafetyFollower:
    """Check-ins begin with the arrival and end with the order; a second crew is the help wanted."""

    kinds = _ENDS | {
        EventKind.ASSIGNMENT_ARRIVED,
        EventKind.ASSIGNMENT_OFFERED,
        EventKind.ASSIGNMENT_MOVED,
    }

    def follow(self, session: Session, happened: Happened) -> None:
        """Begin or end check-ins; end what was asked for where somebody else is sent."""
        if happened.assignment_id is None or happened.incident_id is None:
            return
        if happened.kind is EventKind.ASSIGNMENT_ARRIVED:
            _begin(session, happened)
        elif happened.kind is EventKind.ASSIGNMENT_OFFERED:
            _help_comes(session, happened)
        elif happened.kind is EventKind.ASSIGNMENT_MOVED:
            _move(session, happened)
        else:
            _end(session, happened)


def _begin(session: Session, happened: Happened) -> None:
    order = session.get_one(Assignment, happened.assignment_id)
    incident = session.get_one(Incident, happened.incident_id)
    watch = watch_rows.begin(session, order, incident.kind, happened.at)
    if watch is not None:
        events.append(
            session,
            EventKind.CHECK_IN_STARTED,
            SYSTEM,
            at=happened.at,
            incident_id=order.incident_id,
            assignment_id=order.id,
            crew_id=order.crew_id,
            data={"every_s": watch.every_s, "due_at": instant(watch.due_at)},
        )


def _help_comes(session: Session, happened: Happened) -> None:
    for asked in help_requests.open_at(session, happened.incident_id or 0):
        if asked.crew_id != happened.crew_id:
            help_requests.close(session, asked, happened.actor, happened.at)
            help_requests.tell_ended(session, asked, happened.actor, happened.at)


def _move(session: Session, happened: Happened) -> None:
    """Have what is open of an order go with it to another incident."""
    assignment_id, incident_id = happened.assignment_id or 0, happened.incident_id or 0
    watch_rows.move(session, assignment_id, incident_id)
    asked = help_requests.open_help(session, assignment_id)
    if asked is not None:
        asked.incident_id = incident_id
    session.flush()


def _end(session: Session, happened: Happened) -> None:
    watch_rows.end(session, happened.assignment_id or 0, happened.at)
    asked = help_requests.open_help(session, happened.assignment_id or 0)
    if asked is not None:
        help_requests.close(session, asked, happened.actor, happened.at)
