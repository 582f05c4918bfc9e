"""Events of deliveries."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.states import DeliveryChannel
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway

WEB_PUSH = "Web Push"


def tell(
    session: Session, kind: EventKind, actor: Actor, delivery: Delivery, now: datetime
) -> None:
    """Write an event about a delivery; no address and no words of it."""
    data: dict[str, Any] = {
        "delivery_id": delivery.id,
        "purpose": delivery.purpose,
        "channel": delivery.channel,
        "way": way_name(session, delivery),
        "state": delivery.state,
        "whom": delivery.role,
        "failure": delivery.failure,
        "answer": delivery.answer,
    }
    events.append(
        session,
        kind,
        actor,
        at=now,
        incident_id=delivery.incident_id,
        assignment_id=delivery.assignment_id,
        crew_id=delivery.crew_id,
        data={name: value for name, value in data.items() if value is not None},
    )


def way_name(session: Session, delivery: Delivery) -> str | None:
    """Return the name of the way: the gateway's, or Web Push; None for the page."""
    if delivery.gateway_id is not None:
        return session.scalar(select(Gateway.name).where(Gateway.id == delivery.gateway_id))
    return WEB_PUSH if delivery.channel == DeliveryChannel.PUSH else None
