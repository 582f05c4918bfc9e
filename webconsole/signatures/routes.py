"""Signatures under orders: given on the crew's phone, seen at the desk."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.signatures.types import AddSignature
from dispatch.signatures.types import SignatureAnswer
from dispatch.signatures.types import SignaturesAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

signatures = Area("signatures", __name__, url_prefix="/api/v1", tag="Signatures")
_STEPS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)


@signatures.get("/incidents/<int:incident_id>/signatures", needs=ORDERS_SEEN)
@signatures.output(described(SignaturesAnswer))
def list_signatures(incident_id: int) -> Response:
    """List what customers signed under the orders of an incident, or why they did not."""
    return answer(services().signatures.list(actor(), incident_id))


@signatures.post("/assignments/<int:assignment_id>/signature", needs=_STEPS)
@signatures.input(AddSignature, arg_name="body")
@signatures.output(described(SignatureAnswer), 201)
@signatures.doc(responses={409: "order_ended or idempotency_mismatch"})
def add_signature(assignment_id: int, body: AddSignature) -> Response:
    """Keep what the customer signed under an order, or why not; a newer one replaces it.

    Once the order has ended, only what was signed before its end is taken.
    """
    signature, replayed = services().signatures.add(actor(), assignment_id, body)
    return answer(signature, 201, replayed=replayed)
