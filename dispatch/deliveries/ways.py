"""The ways by which a crew, or whoever has a role, can be told something: the best first."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.deliveries.models import Contact
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import DeliveryState
from dispatch.gateways.models import Gateway
from dispatch.units.belonging import over_incident


class Way(NamedTuple):
    """One way: pushes to all of a crew's browsers, or one address on a gateway."""

    channel: DeliveryChannel
    contact_id: int | None = None
    gateway_id: int | None = None
    failing: bool = False
    """The last thing that was sent this way failed."""


def ways_of(
    session: Session, *, crew_id: int | None, role: str | None, incident_id: int | None = None
) -> list[Way]:
    """Return the ways in the order in which they are tried.

    Those of whoever has a role are of the incident's unit and the units above it.

    That is the order that somebody gave them, pushes first where nobody did; but a way that failed
    when it was last used comes after those that did not.
    """
    query = (
        select(Contact, Gateway.enabled, Gateway.removed_at)
        .outerjoin(Gateway, Gateway.id == Contact.gateway_id)
        .where(Contact.crew_id == crew_id if crew_id is not None else Contact.role == role)
        .order_by(Contact.sort, Contact.id)
    )
    if crew_id is None and incident_id is not None:
        query = query.where(over_incident(Contact.unit_id, incident_id))
    rows = session.execute(query).all()
    pushes = _pushes(session, crew_id)
    ways: list[Way] = []
    if pushes is not None and all(row.Contact.channel != pushes.channel for row in rows):
        ways.append(pushes)
    for row in rows:
        contact: Contact = row.Contact
        if contact.channel == DeliveryChannel.PUSH:
            if pushes is not None:
                ways.append(pushes._replace(contact_id=contact.id))
        elif row.enabled and row.removed_at is None:
            failing = contact.failed_at is not None
            ways.append(Way(DeliveryChannel.GATEWAY, contact.id, contact.gateway_id, failing))
    return sorted(ways, key=lambda way: way.failing)


def untried(
    session: Session,
    ways: Sequence[Way],
    *,
    crew_id: int | None,
    role: str | None,
    assignment_id: int | None,
    incident_id: int | None,
    since_id: int = 0,
) -> list[Way]:
    """Return those ways by which the same one was not told of the same thing yet.

    ``since_id``: of deliveries from this one on.
    """
    query = select(Delivery.channel, Delivery.contact_id).where(
        Delivery.crew_id == crew_id if crew_id is not None else Delivery.role == role,
        Delivery.state != DeliveryState.CANCELLED.value,
        Delivery.id >= since_id,
        Delivery.assignment_id == assignment_id
        if assignment_id is not None
        else Delivery.incident_id == incident_id,
    )
    tried = {tuple(row) for row in session.execute(query)}
    return [way for way in ways if (way.channel, way.contact_id) not in tried]


def _pushes(session: Session, crew_id: int | None) -> Way | None:
    if crew_id is None:
        return None
    query = select(PushSubscription.failed_at).where(PushSubscription.crew_id == crew_id)
    failed = session.scalars(query).all()
    if not failed:
        return None
    return Way(DeliveryChannel.PUSH, failing=all(each is not None for each in failed))
