"""The newest offer of each incident, in a few numbers: for its row, its panel and the alarm."""

from collections.abc import Collection

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.incidents.models import Incident
from dispatch.offers.models import Offer
from dispatch.offers.models import OfferCrew
from dispatch.offers.states import OfferState
from dispatch.offers.types import OfferBriefAnswer


def newest(session: Session, ids: Collection[int]) -> dict[int, OfferBriefAnswer]:
    """Return the newest offer of each incident's present round, by the incident's id."""
    query = (
        select(
            Offer,
            Crew.name,
            func.count(OfferCrew.crew_id).label("asked"),
            func.count(OfferCrew.seen_at).label("seen"),
            func.count(OfferCrew.declined_at).label("declined"),
        )
        .join(Incident, (Incident.id == Offer.incident_id) & (Incident.round == Offer.round))
        .join(OfferCrew, OfferCrew.offer_id == Offer.id)
        .outerjoin(Crew, Crew.id == Offer.taken_by_id)
        .where(Offer.incident_id.in_(ids))
        .group_by(Offer.id, Crew.name)
        .order_by(Offer.id)
        .execution_options(populate_existing=True)
    )
    return {
        row.Offer.incident_id: offer_brief(
            row.Offer, row.name, asked=row.asked, seen=row.seen, declined=row.declined
        )
        for row in session.execute(query)
    }


def offer_brief(
    offer: Offer, taken_by: str | None, *, asked: int, seen: int, declined: int
) -> OfferBriefAnswer:
    """Return an offer at hand in a few numbers."""
    return {
        "id": offer.id,
        "state": OfferState(offer.state),
        "made_at": instant(offer.made_at),
        "made_by": offer.made_by,
        "radius_m": offer.radius_m,
        "accept_until": instant(offer.accept_until),
        "ended_at": instant(offer.ended_at),
        "ended_by": offer.ended_by,
        "taken_by": taken_by,
        "asked": asked,
        "seen": seen,
        "declined": declined,
    }
