"""Offers to several crews at once: made and withdrawn by the desk, answered by crews."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.offers.types import AnswerOffer
from dispatch.offers.types import CrewOfferAnswer
from dispatch.offers.types import CrewOffersAnswer
from dispatch.offers.types import MakeOffer
from dispatch.offers.types import OfferAnswer
from dispatch.offers.types import OffersAnswer
from dispatch.offers.types import WithdrawOffer
from webconsole.offers.schemas import OfferQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

offers = Area("offers", __name__, url_prefix="/api/v1", tag="Offers")
OFFER = described(OfferAnswer)
ANSWERS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)
OVER = "offer_taken (with by and at), offer_over (with state)"


@offers.post("/incidents/<int:incident_id>/offers", needs=(Permission.ASSIGNMENT_SEND,))
@offers.input(MakeOffer, arg_name="body")
@offers.output(OFFER, 201)
@offers.doc(
    responses={409: "nobody_to_ask, offer_open, offer_over, incident_ended or idempotency_mismatch"}
)
def make_offer(incident_id: int, body: MakeOffer) -> Response:
    """Offer an incident to all suitable crews at once; the first that accepts has the order."""
    made, replayed = services().offers.make(actor(), incident_id, body)
    return answer(made, 201, replayed=replayed)


@offers.get("/offers", needs=(Permission.INCIDENT_READ,))
@offers.input(OfferQuery, location="query", arg_name="query")
@offers.output(described(OffersAnswer))
def list_offers(query: OfferQuery) -> Response:
    """List offers with everybody asked, the newest first."""
    return answer(
        services().offer_reading.list(
            actor(), incident_id=query.incident_id, open_only=query.open_only, limit=query.limit
        )
    )


@offers.get("/crews/<int:crew_id>/offers", needs=ORDERS_SEEN)
@offers.output(described(CrewOffersAnswer))
def crew_offers(crew_id: int) -> Response:
    """List what a crew is asked, and what it was asked and did not get within two minutes."""
    return answer(services().offer_reading.for_crew(actor(), crew_id))


@offers.post("/offers/<int:offer_id>/accept", needs=ANSWERS)
@offers.input(AnswerOffer, arg_name="body")
@offers.output(described(AssignmentAnswer), 201)
@offers.doc(
    responses={
        409: f"{OVER}, crew_off_duty, crew_taken, already_assigned, incident_ended or"
        " idempotency_mismatch"
    }
)
def accept_offer(offer_id: int, body: AnswerOffer) -> Response:
    """Accept: of all crews asked, the first has the order; it is accepted with that."""
    order, replayed = services().offer_answers.accept(actor(), offer_id, body)
    return answer(order, 201, replayed=replayed)


@offers.post("/offers/<int:offer_id>/decline", needs=ANSWERS)
@offers.input(AnswerOffer, arg_name="body")
@offers.output(described(CrewOfferAnswer))
@offers.doc(responses={409: f"{OVER} or idempotency_mismatch"})
def decline_offer(offer_id: int, body: AnswerOffer) -> Response:
    """Decline; when all crews asked do, the offer is over at once."""
    return answer(services().offer_answers.decline(actor(), offer_id, body))


@offers.post("/offers/<int:offer_id>/seen", needs=ANSWERS)
@offers.input(AnswerOffer, arg_name="body")
@offers.output(described(CrewOfferAnswer))
def offer_seen(offer_id: int, body: AnswerOffer) -> Response:
    """Say that the crew's phone has shown the offer; only the first time counts."""
    return answer(services().offer_answers.seen(actor(), offer_id, body))


@offers.post("/offers/<int:offer_id>/withdraw", needs=(Permission.ASSIGNMENT_SEND,))
@offers.input(WithdrawOffer, arg_name="body")
@offers.output(OFFER)
@offers.doc(responses={409: f"{OVER} or idempotency_mismatch"})
def withdraw_offer(offer_id: int, body: WithdrawOffer) -> Response:
    """Take an offer back."""
    return answer(services().offers.withdraw(actor(), offer_id, body))
