"""Offers outside the page: told to crews whose page would not ring, and answered from there."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.sql_expressions import any_of
from dispatch.crews.models import Crew
from dispatch.deliveries.delivery_rows import cancel_waiting
from dispatch.deliveries.delivery_rows import has_way
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.states import Reply
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.jobs.queue import JobQueue
from dispatch.offers.answering import OfferAnswers
from dispatch.offers.types import AnswerOffer
from dispatch.reach.models import CrewReach

_ENDS: Final = frozenset(
    {
        EventKind.OFFER_TAKEN,
        EventKind.OFFER_EXPIRED,
        EventKind.OFFER_WITHDRAWN,
        EventKind.OFFER_ENDED,
    }
)


class OfferDeliveries:
    """Has the crews of a new offer told whose page is closed or mute, until the offer is over."""

    kinds = frozenset({EventKind.OFFER_MADE, *_ENDS})

    def __init__(self, jobs: JobQueue) -> None:
        self._jobs = jobs

    def follow(self, session: Session, happened: Happened) -> None:
        """Ask for deliveries of a new offer; cancel those that wait of one that is over."""
        if happened.kind in _ENDS:
            cancel_waiting(
                session,
                happened.at,
                incident_id=happened.incident_id,
                purposes=[Purpose.OFFER.value],
            )
            return
        # One question for all: others wait for the log meanwhile, and few have another way.
        query = (
            select(Crew.id)
            .outerjoin(CrewReach, CrewReach.crew_id == Crew.id)
            .where(
                any_of(Crew.id, "asked"),
                CrewReach.sound_until.is_(None) | (CrewReach.sound_until <= happened.at),
                has_way(Crew.id),
            )
            .order_by(Crew.id)
        )
        for crew_id in session.scalars(query, {"asked": list(happened.data["asked"])}).all():
            request_delivery(
                session,
                self._jobs,
                purpose=Purpose.OFFER,
                crew_id=crew_id,
                incident_id=happened.incident_id,
                data={"offer_id": happened.data["offer_id"]},
                now=happened.at,
            )


class OfferReplies:
    """Takes what a crew answers to an offer outside its page: the first to accept has it."""

    def __init__(self, offers: OfferAnswers) -> None:
        self._offers = offers

    def take(self, actor: Actor, delivery: Delivery, answer: Reply, reason: str | None) -> None:
        """Accept or decline the offer as its crew; once, however often a gateway says it.

        Raises
        ------
        Conflict
            ``offer_taken`` or ``offer_over`` when others were faster, or it is too late.
        """
        offer_id = int(delivery.data["offer_id"])
        said = AnswerOffer(client_id=f"delivery-{delivery.id}-{answer.value}", reason=reason)
        if answer is Reply.ACCEPTED:
            self._offers.accept(actor, offer_id, said)
        elif answer is Reply.DECLINED:
            self._offers.decline(actor, offer_id, said)
