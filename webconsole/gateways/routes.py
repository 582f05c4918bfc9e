"""Gateways: kept by administrators; what they report, and what was answered through them."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.deliveries.types import DeliveryReportAnswer
from dispatch.deliveries.types import GatewayReport
from dispatch.gateways.types import AddGateway
from dispatch.gateways.types import ChangeGateway
from dispatch.gateways.types import GatewayAnswer
from dispatch.gateways.types import GatewayListQuery
from dispatch.gateways.types import GatewaysAnswer
from webconsole.gateways.signed import signed
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.openapi import OPEN
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ANYBODY

gateways = Area("gateways", __name__, url_prefix="/api/v1/gateways", tag="Gateways")
GATEWAY = described(GatewayAnswer)
UNSIGNED = "bad_signature: not signed with the gateway's secret, or too long ago"
LATE = "wrong_state: the order can no longer be accepted or declined"


@gateways.get("", needs=(Permission.CREW_READ,))
@gateways.input(GatewayListQuery, location="query", arg_name="query")
@gateways.output(described(GatewaysAnswer))
def list_gateways(query: GatewayListQuery) -> Response:
    """List the gateways, all by name unless a page is asked for; secrets are never told."""
    return answer(services().gateways.list(actor(), query))


@gateways.post("", needs=(Permission.GATEWAY_WRITE,))
@gateways.input(AddGateway, arg_name="body")
@gateways.output(GATEWAY, 201)
def add_gateway(body: AddGateway) -> Response:
    """Add a gateway: an address that takes what is to be told, signed (docs/gateways.md)."""
    return answer(services().gateways.add(actor(), body), 201)


@gateways.patch("/<int:gateway_id>", needs=(Permission.GATEWAY_WRITE,))
@gateways.input(ChangeGateway, arg_name="body")
@gateways.output(GATEWAY)
def change_gateway(gateway_id: int, body: ChangeGateway) -> Response:
    """Change what is named of a gateway; a paused one is tried again at once."""
    return answer(services().gateways.change(actor(), gateway_id, body))


@gateways.delete("/<int:gateway_id>", needs=(Permission.GATEWAY_WRITE,))
@gateways.output({}, 204)
def remove_gateway(gateway_id: int) -> Response:
    """Remove a gateway; what was sent through it stays known."""
    services().gateways.remove(actor(), gateway_id)
    return Response(status=204)


@gateways.post("/<int:gateway_id>/callback", needs=ANYBODY)
@signed
@gateways.input(GatewayReport, arg_name="body")
@gateways.output(described(DeliveryReportAnswer))
@gateways.doc(security=OPEN, responses={401: UNSIGNED, 409: LATE, 429: "too_many_requests"})
def callback(gateway_id: int, body: GatewayReport) -> Response:
    """Report what became of a delivery, or what was answered; signed as deliveries are.

    The same may be reported as often as a gateway likes: it counts once.
    """
    return answer(services().delivery_answers.report(gateway_id, body))
