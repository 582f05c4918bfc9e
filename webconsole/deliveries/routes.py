"""What was told outside the page; by which ways; test rings; pushes to crews' browsers."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.deliveries.types import ChannelBoardAnswer
from dispatch.deliveries.types import Confirm
from dispatch.deliveries.types import ContactsAnswer
from dispatch.deliveries.types import DeliveriesAnswer
from dispatch.deliveries.types import DeliveryReportAnswer
from dispatch.deliveries.types import PushKeyAnswer
from dispatch.deliveries.types import Receipt
from dispatch.deliveries.types import ReceiptAnswer
from dispatch.deliveries.types import RingTest
from dispatch.deliveries.types import RingTests
from dispatch.deliveries.types import SetContacts
from dispatch.deliveries.types import Subscribe
from dispatch.deliveries.types import SubscribedAnswer
from dispatch.deliveries.types import Unsubscribe
from webconsole.platform import context
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.openapi import OPEN
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import ORDERS_SEEN

deliveries = Area("deliveries", __name__, url_prefix="/api/v1", tag="Deliveries")
CONTACTS = described(ContactsAnswer)
DELIVERIES = described(DeliveriesAnswer)
SUBSCRIBED = described(SubscribedAnswer)
READS = (Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN)
SETS = (Permission.RULES_WRITE, Permission.GATEWAY_WRITE)
RINGS = (Permission.ASSIGNMENT_SEND, Permission.ASSIGNMENT_ACT_OWN)
OWN = (Permission.ASSIGNMENT_ACT_OWN,)


@deliveries.get("/assignments/<int:assignment_id>/deliveries", needs=ORDERS_SEEN)
@deliveries.output(DELIVERIES)
def assignment_deliveries(assignment_id: int) -> Response:
    """List what was told about an order outside its page, oldest first."""
    return answer(services().deliveries.of_assignment(actor(), assignment_id))


@deliveries.get("/crews/<int:crew_id>/contacts", needs=READS)
@deliveries.output(CONTACTS)
def crew_contacts(crew_id: int) -> Response:
    """List the ways to a crew outside its page, in the order in which they are tried."""
    return answer(services().contacts.of_crew(actor(), crew_id))


@deliveries.put("/crews/<int:crew_id>/contacts", needs=SETS)
@deliveries.input(SetContacts, arg_name="body")
@deliveries.output(CONTACTS)
def set_crew_contacts(crew_id: int, body: SetContacts) -> Response:
    """Set all ways to a crew, in the order in which they are tried.

    Where pushes are not named they come first, as soon as a browser takes them.
    """
    return answer(services().contacts.set_of_crew(actor(), crew_id, body))


@deliveries.get("/contacts/supervisor", needs=(Permission.CREW_READ,))
@deliveries.output(CONTACTS)
def supervisor_contacts() -> Response:
    """List the ways to whoever supervises, for when nobody answers."""
    return answer(services().contacts.of_supervisor(actor()))


@deliveries.put("/contacts/supervisor", needs=SETS)
@deliveries.input(SetContacts, arg_name="body")
@deliveries.output(CONTACTS)
def set_supervisor_contacts(body: SetContacts) -> Response:
    """Set all ways to whoever supervises, in the order in which they are tried."""
    return answer(services().contacts.set_of_supervisor(actor(), body))


@deliveries.get("/channels", needs=(Permission.CREW_READ,))
@deliveries.output(described(ChannelBoardAnswer))
def channels() -> Response:
    """List which way works for whom: crews on duty first, each with its last test and use."""
    return answer(services().deliveries.board(actor()))


@deliveries.post("/crews/<int:crew_id>/test-ring", needs=RINGS)
@deliveries.input(RingTest, arg_name="body")
@deliveries.output(DELIVERIES, 202)
@deliveries.doc(responses={409: "no_channel: the crew has no such way", 429: "too_many_requests"})
def test_ring(crew_id: int, body: RingTest) -> Response:
    """Ring a crew for trial, by every way that it has or by one; it confirms there."""
    return answer(services().deliveries.test_ring(actor(), crew_id, body), 202)


@deliveries.post("/test-rings", needs=(Permission.ASSIGNMENT_SEND,))
@deliveries.input(RingTests, arg_name="body")
@deliveries.output(DELIVERIES, 202)
@deliveries.doc(responses={429: "too_many_requests"})
def test_rings(body: RingTests) -> Response:
    """Ring several crews for trial: all that are on duty, if none is named."""
    return answer(services().deliveries.test_rings(actor(), body), 202)


@deliveries.post("/deliveries/<int:delivery_id>/confirm", needs=OWN)
@deliveries.input(Confirm, arg_name="body")
@deliveries.output(described(DeliveryReportAnswer))
def confirm(delivery_id: int, body: Confirm) -> Response:  # noqa: ARG001  (it is empty)
    """Confirm a test ring on the crew's page; said again it changes nothing."""
    return answer(services().delivery_answers.confirm(actor(), delivery_id))


@deliveries.post("/deliveries/<int:delivery_id>/receipt", needs=ANYBODY)
@deliveries.input(Receipt, arg_name="body")
@deliveries.output(described(ReceiptAnswer))
@deliveries.doc(
    security=OPEN, responses={401: "not that delivery's token", 429: "too_many_requests"}
)
def receipt(delivery_id: int, body: Receipt) -> Response:
    """Say that a phone got a push, by the token in it; the answer is whether it still holds."""
    context.see_as(services().sight.of_delivery(delivery_id))
    return answer(services().delivery_answers.receipt(delivery_id, body))


@deliveries.get("/push-key", needs=OWN)
@deliveries.output(described(PushKeyAnswer))
def push_key() -> Response:
    """Return the key with which a browser subscribes to pushes."""
    return answer(services().pushes.public_key())


@deliveries.put("/crews/<int:crew_id>/push-subscription", needs=OWN)
@deliveries.input(Subscribe, arg_name="body")
@deliveries.output(SUBSCRIBED)
def subscribe(crew_id: int, body: Subscribe) -> Response:
    """Take pushes in this browser of the crew; said again it changes nothing."""
    return answer(services().pushes.subscribe(actor(), crew_id, body))


@deliveries.post("/crews/<int:crew_id>/push-subscription/end", needs=OWN)
@deliveries.input(Unsubscribe, arg_name="body")
@deliveries.output(SUBSCRIBED)
def unsubscribe(crew_id: int, body: Unsubscribe) -> Response:
    """Take pushes in this browser no longer."""
    return answer(services().pushes.unsubscribe(actor(), crew_id, body))
