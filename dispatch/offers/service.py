"""Offers made and withdrawn by the desk."""

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import cast

from sqlalchemy import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.incidents import incident_rows
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.models import Incident
from dispatch.offers import asking
from dispatch.offers import offer_reading
from dispatch.offers import offer_rows
from dispatch.offers.late_answers import refused_as_over
from dispatch.offers.models import Offer
from dispatch.offers.models import OfferCrew
from dispatch.offers.states import OfferState
from dispatch.offers.types import MakeOffer
from dispatch.offers.types import OfferAnswer
from dispatch.offers.types import WithdrawOffer
from dispatch.sending.candidates import CandidateService
from dispatch.sending.types import CandidateAnswer
from dispatch.writes.idempotency import Once


class OfferService:
    """Puts incidents to several crews at once."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        candidates: CandidateService,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._candidates = candidates
        self._clock = clock

    def make(self, actor: Actor, incident_id: int, wanted: MakeOffer) -> tuple[OfferAnswer, bool]:
        """Offer an incident to all suitable crews, or to those named; once for each ``client_id``.

        The crews are judged before the transaction, as for a send; the list is kept with the offer
        and becomes the reason for the order. Without road times crews are asked all the same.

        Returns
        -------
        offer, replayed
            The offer, and whether it was made before under this ``client_id``.

        Raises
        ------
        InvalidInput
            On ``crew_ids``, for each crew named that cannot be asked.
        Conflict
            ``nobody_to_ask``, ``offer_open`` (one is open already), ``offer_over`` (the one to be
            replaced has ended), ``incident_ended`` or ``idempotency_mismatch``.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, incident_id=incident_id)
        before = once.answered(self._work)
        if before is not None:
            return cast("OfferAnswer", before), True
        named = wanted.crew_ids or []
        made = self._candidates.judge_all(incident_id, wanted.radius_m, named)
        by_radius = wanted.radius_m is not None or not named
        crews = asking.asked(made["candidates"], named, by_radius=by_radius)
        if not crews:
            message = N_("No idle crew within the radius can come: there is nobody to ask.")
            raise Conflict("nobody_to_ask", message, extra={"radius_m": made["radius_m"]})
        radius_m = made["radius_m"] if by_radius else None

        def work(session: Session) -> tuple[OfferAnswer, bool]:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("OfferAnswer", answer), True
            incident = incident_rows.locked(session, incident_id)
            refuse_ended(incident)
            replaced = self._replace(session, incident, wanted, actor, now)
            offer = _insert(
                session,
                Offer(
                    incident_id=incident.id,
                    round=incident.round,
                    state=OfferState.OPEN.value,
                    radius_m=radius_m,
                    made_at=now,
                    made_by_id=actor.account_id,
                    made_by=actor.display_name,
                    accept_until=now + timedelta(seconds=wanted.accept_within_s),
                    candidates=dict(made),
                ),
                crews,
            )
            view = offer_reading.offer_view(session, offer)
            once.finish(session, view)
            if replaced is not None:
                offer_rows.tell(session, replaced, actor, now, replaced_by=offer.id)
            within_s = wanted.accept_within_s
            until = instant(offer.accept_until)
            offer_rows.tell(
                session,
                offer,
                actor,
                now,
                radius_m=radius_m,
                accept_within_s=within_s,
                accept_until=until,
            )
            return view, False

        return self._work.run(work)

    def withdraw(self, actor: Actor, offer_id: int, wanted: WithdrawOffer) -> OfferAnswer:
        """Take an offer back; said again of one that was withdrawn it changes nothing.

        Raises
        ------
        Conflict
            ``offer_taken`` or ``offer_over`` if it has ended otherwise.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, offer_id=offer_id)

        def work(session: Session) -> OfferAnswer:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("OfferAnswer", answer)
            incident_rows.locked(session, offer_rows.incident_of(session, offer_id))
            offer = offer_rows.locked(session, offer_id)
            if offer.state == OfferState.WITHDRAWN:
                view = offer_reading.offer_view(session, offer)
                once.finish(session, view)
                return view
            if offer.state != OfferState.OPEN:
                raise over(session, offer)
            offer_rows.end(
                session,
                offer,
                OfferState.WITHDRAWN,
                now,
                ended_by=actor.display_name,
                reason=wanted.reason,
            )
            view = offer_reading.offer_view(session, offer)
            once.finish(session, view)
            offer_rows.tell(
                session, offer, actor, now, occurred_at=wanted.occurred_at, reason=wanted.reason
            )
            return view

        return self._work.run(work)

    def _replace(
        self, session: Session, incident: Incident, wanted: MakeOffer, actor: Actor, now: datetime
    ) -> Offer | None:
        """Withdraw the open offer that is to be replaced; refuse to have two."""
        found = offer_rows.open_offer(session, incident.id)
        if wanted.replaces is not None and (found is None or found.id != wanted.replaces):
            known = session.get(Offer, wanted.replaces)
            if known is None or known.incident_id != incident.id:
                raise InvalidInput.one("replaces", N_("is no offer of this incident"))
            raise over(session, known)
        if found is None:
            return None
        if wanted.replaces is None:
            message = N_("This incident is offered already: withdraw that offer first.")
            raise Conflict("offer_open", message, extra={"offer_id": found.id})
        offer_rows.end(
            session, found, OfferState.WITHDRAWN, now, ended_by=actor.display_name, reason=None
        )
        return found


def over(session: Session, offer: Offer) -> Conflict:
    """Return the refusal for an offer at hand that has ended, saying how."""
    return refused_as_over(offer, offer_reading.crew_name(session, offer.taken_by_id))


def _insert(session: Session, offer: Offer, crews: Sequence[CandidateAnswer]) -> Offer:
    """Write an offer, whom it asks, and the deadline that ends it."""
    session.add(offer)
    session.flush()
    session.execute(
        insert(OfferCrew),
        [
            {
                "offer_id": offer.id,
                "crew_id": each["crew_id"],
                "verdict": each["verdict"],
                "distance_m": each["distance_m"],
                "travel_time_s": each["travel_time_s"],
                "free_in_s": each["free_in_s"],
                "busy": bool(each["workload"]["active"]),
            }
            for each in crews
        ],
    )
    offer.deadline_id = deadline_rows.set_deadline(
        session,
        DeadlineKind.OFFER_ENDS,
        offer.accept_until,
        offer.made_at,
        incident_id=offer.incident_id,
        data={"offer_id": offer.id},
    )
    session.flush()
    return offer
