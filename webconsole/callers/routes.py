"""Callers at the desk: links made and revoked, places, call-backs; words that keep them safe."""

from flask import Response
from flask import request

from dispatch.access.permissions import Permission
from dispatch.callers.types import CallBackListQuery
from dispatch.callers.types import CallBacksAskedAnswer
from dispatch.callers.types import CallerLinkAnswer
from dispatch.callers.types import CallerPageAnswer
from dispatch.callers.types import CallerPagesAnswer
from dispatch.callers.types import CallerPlacesAnswer
from dispatch.callers.types import ChangeSafetyText
from dispatch.callers.types import SafetyTextAnswer
from dispatch.callers.types import SafetyTextsAnswer
from dispatch.callers.types import SendCallerLink
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

callers = Area("callers", __name__, url_prefix="/api/v1", tag="Callers")
_LINK = "/incidents/<int:incident_id>/reports/<int:report_id>/caller-link"


@callers.get("/incidents/<int:incident_id>/caller-pages", needs=(Permission.INCIDENT_READ,))
@callers.output(described(CallerPagesAnswer))
def caller_pages(incident_id: int) -> Response:
    """List the pages that an incident's callers have: sent or not, opened, and what they said."""
    return answer(services().callers.pages(actor(), incident_id))


@callers.post(_LINK, needs=(Permission.INCIDENT_WRITE,))
@callers.input(SendCallerLink, arg_name="body")
@callers.output(described(CallerLinkAnswer), 201)
def send_caller_link(incident_id: int, report_id: int, body: SendCallerLink) -> Response:
    """Make a link for the caller of a report, to be read out, and send one by SMS.

    The link is told this once: only its digest is stored. What is sent is a link of its own.
    """
    made = services().callers.send(actor(), incident_id, report_id, body, request.url_root)
    return answer(made, 201)


@callers.post(f"{_LINK}/revoke", needs=(Permission.INCIDENT_WRITE,))
@callers.output(described(CallerPageAnswer))
@callers.doc(responses={409: "no_link"})
def revoke_caller_link(incident_id: int, report_id: int) -> Response:
    """Have all links of a report's caller lead nowhere."""
    return answer(services().callers.revoke(actor(), incident_id, report_id))


@callers.get("/incidents/<int:incident_id>/caller-places", needs=ORDERS_SEEN)
@callers.output(described(CallerPlacesAnswer))
def caller_places(incident_id: int) -> Response:
    """List where callers said that they are, for the desk and for crews with a live order."""
    return answer(services().callers.places(actor(), incident_id))


@callers.get("/callers/call-backs", needs=(Permission.INCIDENT_READ,))
@callers.input(CallBackListQuery, location="query", arg_name="query")
@callers.output(described(CallBacksAskedAnswer))
def call_backs_asked(query: CallBackListQuery) -> Response:
    """List the callers who asked to be called, the longest waiting first.

    That somebody was called is ticked with the report.
    """
    return answer(services().callers.call_backs(actor(), query))


@callers.get("/safety-texts", needs=(Permission.INCIDENT_READ,))
@callers.output(described(SafetyTextsAnswer))
def safety_texts() -> Response:
    """List what callers of each kind of incident are told to do until the crew is there."""
    return answer(services().safety_texts.list(actor()))


@callers.put("/safety-texts/<kind>", needs=(Permission.KIND_WRITE,))
@callers.input(ChangeSafetyText, arg_name="body")
@callers.output(described(SafetyTextAnswer))
def change_safety_text(kind: str, body: ChangeSafetyText) -> Response:
    """Set the words for callers of a kind; null for both: as shipped."""
    return answer(services().safety_texts.change(actor(), kind, body))
