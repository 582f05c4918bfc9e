"""The append-only event log, in commit order.

It is at once the audit trail, the source of the live stream and what reports are computed from.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.events import followers
from dispatch.events.kinds import LOOK_UP_AGAIN
from dispatch.events.kinds import LOOK_UP_EVERYBODY
from dispatch.events.kinds import EventKind
from dispatch.events.models import CHAINED
from dispatch.events.models import Event

CHANNEL = "nearcrew_event"
ACCESS_CHANNEL = "nearcrew_access"
"""Says whose rights changed: an account's number, or nothing if it may be anybody's.

Streams hear it from here, too, for the event itself may be of a unit that they do not see.
"""
_ORDER_LOCK = 0x65_76_65_6E_74
_IN_ORDER = text("SELECT pg_advisory_xact_lock(:key)")
_GIVEN = CHAINED | {"id"}
"""What the database gives an event itself."""
# One statement, because everybody else who has an event waits until the transaction is over.
_WRITTEN = (
    insert(Event)
    .values(
        {each.name: bindparam(each.name) for each in Event.__table__.c if each.name not in _GIVEN}
    )
    .returning(Event.id)
    .cte("written")
)
_WRITE_AND_TELL = select(_WRITTEN.c.id, func.pg_notify(CHANNEL, cast(_WRITTEN.c.id, Text)))

_RIGHTS_CHANGED = select(func.pg_notify(ACCESS_CHANNEL, bindparam("whose", type_=Text)))


def take_turn(session: Session) -> None:
    """Take the log's lock now instead of at the first event.

    For rows that followers change, too: they have the lock when they come to them, so whoever else
    changes such rows and leaves an event takes it first, or each would wait for the other.
    """
    session.execute(_IN_ORDER, {"key": _ORDER_LOCK})


def append(
    session: Session,
    kind: EventKind,
    actor: Actor,
    *,
    at: datetime,
    occurred_at: datetime | None = None,
    incident_id: int | None = None,
    assignment_id: int | None = None,
    crew_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
    also_unit_id: int | None = None,
) -> int:
    """Write one event and announce it; both become visible when the transaction commits.

    Serial numbers are taken before commit, so without a lock a slow transaction's event would
    appear *behind* readers that already passed its number. The advisory lock is held from here
    to commit: take every row lock first, and append last. What follows from the event in other
    rooms is done before this returns (`dispatch.events.followers`).

    Parameters
    ----------
    unit_id, also_unit_id
        Whose people see it, and who else: by default those who see the incident, the crew, or
        whoever acts.

    Returns
    -------
    event_id
        Rising in commit order; may have gaps.
    """
    take_turn(session)
    values: dict[str, Any] = {
        "kind": kind.value,
        "at": at,
        "occurred_at": occurred_at or at,
        "actor_id": actor.account_id,
        "actor": actor.display_name,
        "incident_id": incident_id,
        "assignment_id": assignment_id,
        "crew_id": crew_id,
        "data": dict(data or {}),
        "unit_id": unit_id,
        "also_unit_id": also_unit_id,
    }
    event_id = int(session.connection().execute(_WRITE_AND_TELL, values).scalar_one())
    if kind in LOOK_UP_EVERYBODY:
        session.execute(_RIGHTS_CHANGED, {"whose": ""})
    elif kind in LOOK_UP_AGAIN:
        session.execute(_RIGHTS_CHANGED, {"whose": str(values["data"].get("account_id", ""))})
    following = followers.of_kind(session, kind)
    if following:
        happened = followers.Happened(
            event_id,
            kind,
            actor,
            at,
            values["occurred_at"],
            incident_id,
            assignment_id,
            crew_id,
            values["data"],
        )
        for follower in following:
            follower.follow(session, happened)
    return event_id
