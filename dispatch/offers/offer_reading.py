"""Offers read: by the desk with everybody asked, by a crew its own."""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.offer_briefs import offer_brief
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.incidents.models import Incident
from dispatch.offers.models import Offer
from dispatch.offers.models import OfferCrew
from dispatch.offers.states import AskedState
from dispatch.offers.states import OfferState
from dispatch.offers.types import AskedCrewAnswer
from dispatch.offers.types import CrewOfferAnswer
from dispatch.offers.types import CrewOffersAnswer
from dispatch.offers.types import OfferAnswer
from dispatch.offers.types import OffersAnswer

_JUST_OVER = timedelta(minutes=2)
"""For how long a crew still reads of an offer that it did not get: its phone may have slept."""
_ASKED = (
    select(func.count())
    .where(OfferCrew.offer_id == Offer.id)
    .correlate(Offer)
    .scalar_subquery()
    .label("asked")
)


class OfferReading:
    """What can be read of offers."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(
        self, actor: Actor, *, incident_id: int | None, open_only: bool, limit: int
    ) -> OffersAnswer:
        """Return offers, the newest first: of one incident, or of all."""
        actor.require(Permission.INCIDENT_READ)
        query = select(Offer).order_by(Offer.id.desc()).limit(limit)
        if incident_id is not None:
            query = query.where(Offer.incident_id == min(incident_id, LARGEST_ID))
        if open_only:
            query = query.where(Offer.state == OfferState.OPEN)
        with self._work.reading() as session:
            return {"offers": _views(session, session.scalars(query).all())}

    def for_crew(self, actor: Actor, crew_id: int) -> CrewOffersAnswer:
        """Return what a crew is asked, and what it was asked and did not get a moment ago."""
        if actor.crew_id != crew_id:
            actor.require(Permission.INCIDENT_READ)
        now = self._clock()
        query = _of_crew(
            OfferCrew.crew_id == min(crew_id, LARGEST_ID),
            OfferCrew.declined_at.is_(None),
            (Offer.state == OfferState.OPEN) | (Offer.ended_at > now - _JUST_OVER),
            Offer.taken_by_id.is_distinct_from(OfferCrew.crew_id),
        )
        with self._work.reading() as session:
            if session.get(Crew, min(crew_id, LARGEST_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            rows = session.execute(query).all()
        return {"server_time": instant(now), "offers": [_crew_offer(row) for row in rows]}


def offer_view(session: Session, offer: Offer) -> OfferAnswer:
    """Return an offer at hand as the desk sees it."""
    return _views(session, [offer])[0]


def crew_offer_view(session: Session, offer_id: int, crew_id: int) -> CrewOfferAnswer:
    """Return an offer as one of the crews that it asks sees it."""
    query = _of_crew(OfferCrew.offer_id == offer_id, OfferCrew.crew_id == crew_id)
    return _crew_offer(session.execute(query).one())


def crew_name(session: Session, crew_id: int | None) -> str:
    """Return a crew's name."""
    return session.scalar(select(Crew.name).where(Crew.id == crew_id)) or ""


def _views(session: Session, offers: Sequence[Offer]) -> list[OfferAnswer]:
    asked = _asked(session, [offer.id for offer in offers])
    return [
        {
            **offer_brief(
                offer,
                _name_of(asked[offer.id], offer.taken_by_id),
                asked=len(asked[offer.id]),
                seen=sum(row.OfferCrew.seen_at is not None for row in asked[offer.id]),
                declined=sum(row.OfferCrew.declined_at is not None for row in asked[offer.id]),
            ),
            "incident_id": offer.incident_id,
            "taken_by_id": offer.taken_by_id,
            "assignment_id": offer.assignment_id,
            "reason": offer.reason,
            "crews": [_asked_crew(row, offer) for row in asked[offer.id]],
        }
        for offer in offers
    ]


def _asked(session: Session, offer_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return the crews that offers ask, with their names, soonest first."""
    query = (
        select(OfferCrew, Crew.name)
        .join(Crew, Crew.id == OfferCrew.crew_id)
        .where(OfferCrew.offer_id.in_(offer_ids))
        .order_by(
            (OfferCrew.free_in_s + OfferCrew.travel_time_s).asc().nulls_last(),
            OfferCrew.distance_m,
            OfferCrew.crew_id,
        )
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.OfferCrew.offer_id].append(row)
    return found


def _name_of(asked: Sequence[Any], crew_id: int | None) -> str | None:
    return next((row.name for row in asked if row.OfferCrew.crew_id == crew_id), None)


def _asked_crew(row: Any, offer: Offer) -> AskedCrewAnswer:  # noqa: ANN401  (a result row)
    asked: OfferCrew = row.OfferCrew
    return {
        "crew_id": asked.crew_id,
        "crew_name": row.name,
        "state": _state_of(asked, offer),
        "seen_at": instant(asked.seen_at),
        "declined_at": instant(asked.declined_at),
        "reason": asked.reason,
        "distance_m": asked.distance_m,
        "travel_time_s": asked.travel_time_s,
        "free_in_s": asked.free_in_s,
        "busy": asked.busy,
    }


def _state_of(asked: OfferCrew, offer: Offer) -> AskedState:
    if offer.taken_by_id == asked.crew_id:
        return AskedState.ACCEPTED
    if asked.declined_at is not None:
        return AskedState.DECLINED
    return AskedState.SEEN if asked.seen_at is not None else AskedState.ASKED


def _of_crew(*conditions: ColumnElement[bool]) -> Select[Any]:
    winner = select(Crew.name).where(Crew.id == Offer.taken_by_id).scalar_subquery()
    return (
        select(
            Offer,
            OfferCrew,
            Incident.kind,
            Incident.priority,
            Incident.address,
            longitude(Incident.point).label("lon"),
            latitude(Incident.point).label("lat"),
            _ASKED,
            winner.label("taken_by"),
        )
        .join(OfferCrew, OfferCrew.offer_id == Offer.id)
        .join(Incident, Incident.id == Offer.incident_id)
        .where(*conditions)
        .order_by(Offer.id)
    )


def _crew_offer(row: Any) -> CrewOfferAnswer:  # noqa: ANN401  (a result row)
    offer: Offer = row.Offer
    asked: OfferCrew = row.OfferCrew
    return {
        "id": offer.id,
        "state": OfferState(offer.state),
        "incident_id": offer.incident_id,
        "kind": row.kind,
        "priority": row.priority,
        "address": row.address,
        "lon": row.lon,
        "lat": row.lat,
        "distance_m": asked.distance_m,
        "travel_time_s": asked.travel_time_s,
        "busy": asked.busy,
        "made_at": instant(offer.made_at),
        "made_by": offer.made_by,
        "accept_until": instant(offer.accept_until),
        "asked": row.asked,
        "seen_at": instant(asked.seen_at),
        "taken_by": row.taken_by,
    }
