"""Rows of offers inside a transaction that holds their incident's lock."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import NotFound
from dispatch.core.limits import LARGEST_ID
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.offers.models import Offer
from dispatch.offers.models import OfferCrew
from dispatch.offers.states import OfferState

_EVENTS = {
    OfferState.TAKEN: EventKind.OFFER_TAKEN,
    OfferState.EXPIRED: EventKind.OFFER_EXPIRED,
    OfferState.REFUSED: EventKind.OFFER_REFUSED,
    OfferState.WITHDRAWN: EventKind.OFFER_WITHDRAWN,
    OfferState.ENDED: EventKind.OFFER_ENDED,
}


def incident_of(session: Session, offer_id: int) -> int:
    """Return which incident an offer is for: it is locked before the offer.

    Raises
    ------
    NotFound
        If there is no such offer.
    """
    query = select(Offer.incident_id).where(Offer.id == min(offer_id, LARGEST_ID))
    incident_id = session.scalar(query)
    if incident_id is None:
        raise NotFound.thing("offer", offer_id)
    return incident_id


def locked(session: Session, offer_id: int) -> Offer:
    """Return an offer that exists, locked; its incident is locked already."""
    return session.get_one(Offer, offer_id, with_for_update=True, populate_existing=True)


def open_offer(session: Session, incident_id: int) -> Offer | None:
    """Return the offer of a locked incident that crews may still accept, locked."""
    return session.scalars(
        select(Offer)
        .where(Offer.incident_id == incident_id, Offer.state == OfferState.OPEN)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def asked_ids(session: Session, offer_id: int) -> list[int]:
    """Return the crews that an offer asks."""
    query = (
        select(OfferCrew.crew_id).where(OfferCrew.offer_id == offer_id).order_by(OfferCrew.crew_id)
    )
    return list(session.scalars(query))


def end(
    session: Session,
    offer: Offer,
    state: OfferState,
    now: datetime,
    *,
    ended_by: str | None = None,
    reason: str | None = None,
) -> None:
    """Give a locked offer the state in which nobody may accept it, and cancel its deadline."""
    offer.state = state.value
    offer.ended_at = now
    offer.ended_by = ended_by
    offer.reason = reason
    session.flush()
    if offer.deadline_id is not None:
        deadline_rows.cancel(
            session, [DeadlineKind.OFFER_ENDS], now, deadline_ids=[offer.deadline_id]
        )


def tell(
    session: Session,
    offer: Offer,
    actor: Actor,
    now: datetime,
    *,
    occurred_at: datetime | None = None,
    crew_id: int | None = None,
    **data: Any,  # noqa: ANN401  (JSON)
) -> None:
    """Write the event of what became of an offer; every crew that it asks hears of it."""
    told = {"offer_id": offer.id, "asked": asked_ids(session, offer.id), **data}
    events.append(
        session,
        EventKind.OFFER_MADE
        if offer.state == OfferState.OPEN
        else _EVENTS[OfferState(offer.state)],
        actor,
        at=now,
        occurred_at=occurred_at,
        incident_id=offer.incident_id,
        assignment_id=offer.assignment_id,
        crew_id=crew_id,
        data={name: value for name, value in told.items() if value is not None},
    )
