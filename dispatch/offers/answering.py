"""What crews answer to an offer: seen, declined, accepted; of those that accept one wins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import cast

from sqlalchemy import Row
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.read_model import ReadModel
from dispatch.board.read_model import assignment_view
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import incident_rows
from dispatch.incidents.models import Incident
from dispatch.offers import offer_reading
from dispatch.offers import offer_rows
from dispatch.offers.late_answers import refused_as_over
from dispatch.offers.models import Offer
from dispatch.offers.models import OfferCrew
from dispatch.offers.service import over
from dispatch.offers.states import OfferState
from dispatch.offers.states import is_refused
from dispatch.offers.types import AnswerOffer
from dispatch.offers.types import CrewOfferAnswer
from dispatch.sending import send_checks
from dispatch.sending.candidates import Judged
from dispatch.sending.placing import place_order
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once

_STANDING = (
    select(
        Offer.incident_id,
        Offer.state,
        Offer.taken_by_id,
        Offer.ended_at,
        Offer.ended_by,
        OfferCrew.crew_id.label("asked_id"),
        Crew.name.label("taken_by"),
    )
    .outerjoin(
        OfferCrew,
        (OfferCrew.offer_id == Offer.id) & (OfferCrew.crew_id == bindparam("crew_id")),
    )
    .outerjoin(Crew, Crew.id == Offer.taken_by_id)
    .where(Offer.id == bindparam("offer_id"))
)


@dataclass(frozen=True, slots=True)
class _Held:
    """What an answer that may end an offer holds, locked."""

    incident: Incident
    crew: Crew
    offer: Offer
    asked: OfferCrew


class OfferAnswers:
    """Takes what crews answer."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def accept(
        self, actor: Actor, offer_id: int, wanted: AnswerOffer
    ) -> tuple[AssignmentAnswer, bool]:
        """Give the order to the first crew that accepts; it has accepted the order with that.

        However many accept at once, the incident's row is locked by one after the other, and the
        first finds the offer open. The crew that has it may say so again.

        Returns
        -------
        assignment, replayed
            The crew's order, and whether it had been given before.

        Raises
        ------
        Conflict
            ``offer_taken`` (with who was faster), ``offer_over``, ``crew_off_duty``,
            ``crew_taken``, ``already_assigned``, ``incident_ended`` or ``idempotency_mismatch``.
        """
        crew_id = _answering(actor, wanted)
        once = Once.of(actor, wanted.client_id, wanted, offer_id=offer_id, answer="accept")
        before = once.answered(self._work)
        if before is not None:
            return cast("AssignmentAnswer", before), True
        # Who is too late is told so in one question, without waiting for anybody's lock.
        standing = self._standing(actor, offer_id, crew_id)
        if standing.state != OfferState.OPEN and standing.taken_by_id != crew_id:
            raise refused_as_over(standing, standing.taken_by or "")
        incident_id: int = standing.incident_id

        def work(session: Session) -> tuple[AssignmentAnswer, bool]:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("AssignmentAnswer", answer), True
            held = _lock(session, incident_id, crew_id, offer_id)
            given = self._given(session, held.offer, crew_id)
            if given is not None:
                return given, True
            order, tell = self._take(session, held, actor, now, wanted)
            view = assignment_view(order, held.crew.name)
            once.finish(session, view)
            tell()
            return view, False

        try:
            return self._work.run(work)
        except IntegrityError as error:
            with self._work.reading() as session:
                refusal = send_checks.lost_race(session, incident_id, crew_id, str(error.orig))
            raise refusal or error from error

    def decline(self, actor: Actor, offer_id: int, wanted: AnswerOffer) -> CrewOfferAnswer:
        """Note that a crew will not come; when all say so, the offer is over at once.

        Said again it changes nothing.
        """
        crew_id = _answering(actor, wanted)
        once = Once.of(actor, wanted.client_id, wanted, offer_id=offer_id, answer="decline")
        incident_id: int = self._standing(actor, offer_id, crew_id).incident_id

        def work(session: Session) -> CrewOfferAnswer:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("CrewOfferAnswer", answer)
            held = _lock(session, incident_id, crew_id, offer_id)
            if held.offer.state != OfferState.OPEN:
                raise over(session, held.offer)
            news = held.asked.declined_at is None
            if news:
                held.asked.declined_at = now
                held.asked.seen_at = held.asked.seen_at or now
                held.asked.reason = wanted.reason
                session.flush()
            refused = is_refused(_declined(session, offer_id))
            if refused:
                offer_rows.end(session, held.offer, OfferState.REFUSED, now)
            view = offer_reading.crew_offer_view(session, offer_id, crew_id)
            once.finish(session, view)
            if news:
                said = {"reason": wanted.reason} if wanted.reason else {}
                events.append(
                    session,
                    EventKind.OFFER_DECLINED,
                    actor,
                    at=now,
                    occurred_at=wanted.occurred_at,
                    incident_id=incident_id,
                    crew_id=crew_id,
                    data={"offer_id": offer_id, **said},
                )
            if refused:
                offer_rows.tell(session, held.offer, actor, now)
            return view

        return self._work.run(work)

    def seen(self, actor: Actor, offer_id: int, wanted: AnswerOffer) -> CrewOfferAnswer:
        """Note that a crew's phone has shown the offer; only the first time counts."""
        crew_id = _answering(actor, wanted)
        incident_id: int = self._standing(actor, offer_id, crew_id).incident_id

        def work(session: Session) -> CrewOfferAnswer:
            now = self._clock()
            asked = session.get_one(
                OfferCrew, (offer_id, crew_id), with_for_update=True, populate_existing=True
            )
            offer = session.get_one(Offer, offer_id)
            if asked.seen_at is None and offer.state == OfferState.OPEN:
                asked.seen_at = now
                session.flush()
                events.append(
                    session,
                    EventKind.OFFER_SEEN,
                    actor,
                    at=now,
                    occurred_at=wanted.occurred_at,
                    incident_id=incident_id,
                    crew_id=crew_id,
                    data={"offer_id": offer_id},
                )
            return offer_reading.crew_offer_view(session, offer_id, crew_id)

        return self._work.run(work)

    def _given(self, session: Session, offer: Offer, crew_id: int) -> AssignmentAnswer | None:
        """Return the order of the crew that has taken an offer; None while anybody may."""
        if offer.state == OfferState.OPEN:
            return None
        if offer.taken_by_id != crew_id or offer.assignment_id is None:
            raise over(session, offer)
        return self._read_model.assignment(session, offer.assignment_id)

    def _take(
        self, session: Session, held: _Held, actor: Actor, now: datetime, wanted: AnswerOffer
    ) -> tuple[Assignment, Callable[[], None]]:
        """Place the order and accept it; return it, and what tells everybody asked whose it is."""
        orders = row_locks.live_assignments(session, [held.crew.id])
        send_checks.refuse_late(
            session,
            self._read_model,
            held.incident,
            held.crew,
            orders,
            None,
            queue=held.asked.busy,
        )
        offer_rows.end(session, held.offer, OfferState.TAKEN, now)
        held.offer.taken_by_id = held.crew.id
        session.flush()
        # It is the desk's order: the dispatcher who offered it has sent whoever takes it.
        sender = Actor(held.offer.made_by_id, "", held.offer.made_by, frozenset())
        placed = place_order(
            session,
            held.incident,
            held.crew,
            sender,
            now,
            orders=orders,
            judged=_judged(held),
            data={"offer_id": held.offer.id},
        )
        order = placed.order
        held.offer.assignment_id = order.id
        order.state = AssignmentState.ACCEPTED.value
        order.accepted_at = now
        incident_rows.follow_assignments(session, held.incident, now)

        def tell() -> None:
            placed.tell()
            said = {"offer_id": held.offer.id, "lonlat": wanted.lonlat}
            events.append(
                session,
                EventKind.ASSIGNMENT_ACCEPTED,
                actor,
                at=now,
                occurred_at=wanted.occurred_at,
                incident_id=held.incident.id,
                assignment_id=order.id,
                crew_id=held.crew.id,
                data={name: value for name, value in said.items() if value is not None},
            )
            offer_rows.tell(
                session, held.offer, actor, now, crew_id=held.crew.id, crew=held.crew.name
            )

        return order, tell

    def _standing(self, actor: Actor, offer_id: int, crew_id: int) -> Row[Any]:
        """Return how an offer stands for a crew that it asks; a crew knows of no other offers."""
        asked = {"offer_id": min(offer_id, LARGEST_ID), "crew_id": crew_id}
        with self._work.reading() as session:
            rows: Any = session.execute(_STANDING, asked).all()
        if not rows or (rows[0].asked_id is None and actor.crew_id == crew_id):
            raise NotFound.thing("offer", offer_id)
        if rows[0].asked_id is None:
            raise InvalidInput.one("crew_id", N_("was not asked"))
        found: Row[Any] = rows[0]
        return found


def _answering(actor: Actor, wanted: AnswerOffer) -> int:
    """Return the crew that answers: the actor's own, or one that the desk names."""
    if wanted.crew_id is None or wanted.crew_id == actor.crew_id:
        if actor.crew_id is not None and actor.may(Permission.ASSIGNMENT_ACT_OWN):
            return actor.crew_id
        actor.require(Permission.ASSIGNMENT_ACT_ANY)
        raise InvalidInput.one("crew_id", N_("is required: for which crew is this answered?"))
    if not actor.may(Permission.ASSIGNMENT_ACT_ANY):
        message = N_("Your account may not do this with that order.")
        raise NotAllowed(message)
    return wanted.crew_id


def _lock(session: Session, incident_id: int, crew_id: int, offer_id: int) -> _Held:
    """Lock in everybody's order: incident, crew, then the offer's rows."""
    scope = row_locks.lock(session, [incident_id], [crew_id])
    incident, crew = send_checks.both(scope, incident_id, crew_id)
    offer = offer_rows.locked(session, offer_id)
    asked = session.get_one(
        OfferCrew, (offer_id, crew_id), with_for_update=True, populate_existing=True
    )
    return _Held(incident, crew, offer, asked)


def _judged(held: _Held) -> Judged:
    """Return what the order is decided by: the list that the offer was made from."""
    decision = {
        **held.offer.candidates,
        "crew_computed_at": held.offer.candidates.get("computed_at"),
        "offer_id": held.offer.id,
    }
    asked = held.asked
    return Judged(asked.travel_time_s, asked.free_in_s, asked.verdict, decision)


def _declined(session: Session, offer_id: int) -> list[bool]:
    query = select(OfferCrew.declined_at).where(OfferCrew.offer_id == offer_id)
    return [at is not None for at in session.scalars(query)]
