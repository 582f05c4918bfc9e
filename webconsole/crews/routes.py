"""Crews, their duty, orders and tracks."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.board.types import AssignmentsAnswer
from dispatch.crews.types import CrewAnswer
from dispatch.crews.types import CrewsAnswer
from dispatch.crews.types import CrewTrackAnswer
from dispatch.crews.types import SetDuty
from webconsole.crews.schemas import OrderQuery
from webconsole.platform import queries
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN
from webconsole.platform.route_rights import SIGNED_IN

crews = Area("crews", __name__, url_prefix="/api/v1/crews", tag="Crews")
CREW = described(CrewAnswer)


@crews.get("", needs=SIGNED_IN)
@crews.output(described(CrewsAnswer))
def list_crews() -> Response:
    """List all crews with duty, state, position and workload."""
    return answer(services().crews.list(actor()))


@crews.get("/<int:crew_id>", needs=(Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN))
@crews.output(CREW)
def get_crew(crew_id: int) -> Response:
    """Show one crew."""
    return answer(services().crews.get(actor(), crew_id))


@crews.put("/<int:crew_id>/duty", needs=(Permission.CREW_DUTY_ANY, Permission.CREW_DUTY_OWN))
@crews.input(SetDuty, arg_name="body")
@crews.output(CREW)
@crews.doc(responses={409: "crew_has_orders or idempotency_mismatch"})
def set_duty(crew_id: int, body: SetDuty) -> Response:
    """Put a crew on duty, on break or off duty; off duty only when it has no live order."""
    return answer(services().crews.set_duty(actor(), crew_id, body))


@crews.get("/<int:crew_id>/assignments", needs=ORDERS_SEEN)
@crews.input(OrderQuery, location="query", arg_name="query")
@crews.output(described(AssignmentsAnswer))
def crew_assignments(crew_id: int, query: OrderQuery) -> Response:
    """List a crew's orders, each with its incident."""
    return answer(services().assignments.list_for_crew(actor(), crew_id, live_only=query.live_only))


@crews.get("/<int:crew_id>/track", needs=(Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN))
@crews.input(queries.PeriodQuery, location="query", arg_name="query")
@crews.output(described(CrewTrackAnswer), content_type="application/geo+json")
def crew_track(crew_id: int, query: queries.PeriodQuery) -> Response:
    """Show where a crew was."""
    track = services().crews.track(actor(), crew_id, query.from_, query.to)
    return answer(track, Content_Type="application/geo+json")
