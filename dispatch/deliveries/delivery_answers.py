"""Deliveries as the API shows them."""

from sqlalchemy import Select
from sqlalchemy import select

from dispatch.core.instants import instant
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import DeliveryState
from dispatch.deliveries.states import Failure
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.states import Reply
from dispatch.deliveries.types import DeliveryAnswer
from dispatch.gateways.models import Gateway


def named_deliveries() -> Select[Delivery, str]:
    """Return the query of deliveries, each with its gateway's name."""
    return select(Delivery, Gateway.name).outerjoin(Gateway, Gateway.id == Delivery.gateway_id)


def delivery_answer(row: Delivery, gateway_name: str | None) -> DeliveryAnswer:
    """Return one delivery; neither address nor words of it."""
    return {
        "id": row.id,
        "purpose": Purpose(row.purpose),
        "channel": DeliveryChannel(row.channel),
        "gateway_id": row.gateway_id,
        "gateway_name": gateway_name,
        "crew_id": row.crew_id,
        "role": row.role,
        "assignment_id": row.assignment_id,
        "incident_id": row.incident_id,
        "state": DeliveryState(row.state),
        "failure": None if row.failure is None else Failure(row.failure),
        "detail": row.detail,
        "attempts": row.attempts,
        "answer": None if row.answer is None else Reply(row.answer),
        "requested_at": instant(row.requested_at),
        "sent_at": instant(row.sent_at),
        "delivered_at": instant(row.delivered_at),
        "rang_at": instant(row.rang_at),
        "seen_at": instant(row.seen_at),
        "answered_at": instant(row.answered_at),
        "failed_at": instant(row.failed_at),
        "cancelled_at": instant(row.cancelled_at),
    }
