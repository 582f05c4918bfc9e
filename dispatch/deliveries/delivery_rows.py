"""Asks for deliveries inside the transaction that causes them, and cancels what waits no longer."""

import secrets
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.deliveries.models import Contact
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import DeliveryState
from dispatch.deliveries.states import Failure
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.ways import Way
from dispatch.deliveries.ways import untried
from dispatch.deliveries.ways import ways_of
from dispatch.jobs.queue import JobQueue

DELIVERIES: Final = "deliveries"
SEND: Final = f"{DELIVERIES}:send"
SECOND: Final = "second"
ALL: Final = "all"


def request_delivery(
    session: Session,
    jobs: JobQueue,
    *,
    purpose: Purpose | str,
    crew_id: int | None = None,
    role: str | None = None,
    assignment_id: int | None = None,
    incident_id: int | None = None,
    channel: str | None = None,
    order: Sequence[str] | None = None,
    data: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> list[int]:
    """Have a crew, or whoever has a role, told something outside its page.

    Only rows and jobs are written here, in the caller's transaction: nothing is sent before it
    commits, and nothing if it does not. No lock is taken and no event written. When a way fails
    for good, the next one is taken by itself.

    Parameters
    ----------
    session
        With the transaction that causes it. Call it once the order has its new state: a delivery
        holds only while the order is in the state in which it was asked for.
    jobs
        Where sending waits.
    purpose
        What they are told.
    crew_id, role
        Whom; exactly one of them. The only role with contacts is ``supervisor``.
    assignment_id, incident_id
        About what; the incident may be left out where the order is named.
    channel
        None: the best way outside the page. ``"second"``: the next one after those by which the
        same was already told of this order (or incident). ``"all"``: every way at once. ``"push"``,
        ``"gateway"``: the best of that channel. ``"page"``: a row for the open page, which
        confirms it; nothing is sent.
    order
        Channels in the order in which to try them, instead of the one set up for the crew.
    data
        What the one who asks needs to know when it is answered; ids and numbers.
    now
        The time of the transaction; the system's clock when left out.

    Returns
    -------
    delivery_ids
        Of those that will be sent. Empty where there is no way (left); if there was none at all, a
        failed row says so.
    """
    purpose = Purpose(purpose)
    now = now or datetime.now(UTC)
    asked_in = None
    if assignment_id is not None:
        query = select(Assignment.state, Assignment.incident_id).where(
            Assignment.id == assignment_id
        )
        asked_in, incident_id = session.execute(query).one()
    about: dict[str, Any] = {
        "crew_id": crew_id,
        "role": role,
        "assignment_id": assignment_id,
        "incident_id": incident_id,
    }
    common = {
        **about,
        "purpose": purpose.value,
        "asked_in": asked_in,
        "attempts": 0,
        "data": dict(data or {}),
        "requested_at": now,
    }
    if channel == DeliveryChannel.PAGE:
        return [_add(session, Way(DeliveryChannel.PAGE), common)]
    ways = _in_order(ways_of(session, crew_id=crew_id, role=role, incident_id=incident_id), order)
    if not ways:
        _add_failed(session, common, now)
        return []
    if channel == SECOND:
        ways = untried(session, ways, **about)
    elif channel not in {None, ALL}:
        ways = [way for way in ways if way.channel == channel]
    chosen = ways if channel == ALL else ways[:1]
    ids = []
    for way in chosen:
        delivery_id = _add(session, way, common)
        jobs.defer(session, SEND, delivery_id=delivery_id)
        ids.append(delivery_id)
    return ids


def has_way(crew_id: Any) -> ColumnElement[bool]:  # noqa: ANN401  (any id column)
    """Return the condition that a crew has a way outside its page."""
    pushed = exists().where(PushSubscription.crew_id == crew_id)
    return pushed | exists().where(Contact.crew_id == crew_id, Contact.gateway_id.is_not(None))


def take_next_way(session: Session, jobs: JobQueue, failed: Delivery, now: datetime) -> bool:
    """Have the same told by the next way after one has failed; False if there is none.

    A test is of one way: it takes no other.
    """
    if failed.purpose == Purpose.TEST:
        return False
    first = int(failed.data.get("first", failed.id))
    about: dict[str, Any] = {
        "crew_id": failed.crew_id,
        "role": failed.role,
        "assignment_id": failed.assignment_id,
        "incident_id": failed.incident_id,
    }
    ways = ways_of(
        session, crew_id=failed.crew_id, role=failed.role, incident_id=failed.incident_id
    )
    left = untried(session, ways, **about, since_id=first)
    if not left:
        return False
    common = {
        **about,
        "purpose": failed.purpose,
        "asked_in": failed.asked_in,
        "attempts": 0,
        "data": {**failed.data, "first": first},
        "requested_at": now,
    }
    jobs.defer(session, SEND, delivery_id=_add(session, left[0], common))
    return True


def cancel_waiting(
    session: Session,
    now: datetime,
    *,
    assignment_id: int | None = None,
    incident_id: int | None = None,
    purposes: Collection[str] | None = None,
) -> int:
    """Cancel what was asked for about an order, or an incident, and is not sent yet.

    Call it with the event lock in hand (as a follower has it): whoever sends takes that first, too.

    Returns
    -------
    cancelled
        How many there were.
    """
    query = (
        update(Delivery)
        .where(Delivery.state == DeliveryState.QUEUED.value)
        .values(state=DeliveryState.CANCELLED.value, cancelled_at=now)
        .returning(Delivery.id)
    )
    if assignment_id is not None:
        query = query.where(Delivery.assignment_id == assignment_id)
    if incident_id is not None:
        query = query.where(Delivery.incident_id == incident_id)
    if purposes is not None:
        query = query.where(Delivery.purpose.in_(list(purposes)))
    return len(session.execute(query).all())


def _in_order(ways: list[Way], order: Sequence[str] | None) -> list[Way]:
    if not order:
        return ways
    places = {name: place for place, name in enumerate(order)}
    named = [way for way in ways if way.channel in places]
    return sorted(named, key=lambda way: (way.failing, places[way.channel]))


def _add(session: Session, way: Way, common: Mapping[str, Any]) -> int:
    data = {**common["data"], "token": secrets.token_urlsafe(16)}
    row = Delivery(
        **{**common, "data": data},
        channel=way.channel.value,
        contact_id=way.contact_id,
        gateway_id=way.gateway_id,
        state=DeliveryState.QUEUED.value,
    )
    session.add(row)
    session.flush()
    return row.id


def _add_failed(session: Session, common: Mapping[str, Any], now: datetime) -> None:
    row = Delivery(
        **common,
        channel=DeliveryChannel.NONE.value,
        state=DeliveryState.FAILED.value,
        failure=Failure.NO_CHANNEL.value,
        failed_at=now,
    )
    session.add(row)
    session.flush()
