"""Incidents, their candidates, and sending a crew."""

from flask import Response
from flask import url_for

from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.types import EventsAnswer
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.incidents.types import IncidentsAnswer
from dispatch.incidents.types import MoveIncident
from dispatch.sending.path_types import WayAnswer
from dispatch.sending.types import CandidatesAnswer
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from webconsole.incidents.schemas import CandidateQuery
from webconsole.incidents.schemas import IncidentQuery
from webconsole.incidents.schemas import PreviewQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.queries import RepeatHeaders
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

incidents = Area("incidents", __name__, url_prefix="/api/v1/incidents", tag="Incidents")
INCIDENT = described(IncidentAnswer)
DECISION_REFUSED = "wrong_state, incident_ended or idempotency_mismatch"


@incidents.get("", needs=(Permission.INCIDENT_READ,))
@incidents.input(IncidentQuery, location="query", arg_name="query")
@incidents.output(described(IncidentsAnswer))
def list_incidents(query: IncidentQuery) -> Response:
    """List incidents, newest first."""
    states = [each.strip() for each in query.state.split(",")] if query.state else None
    return answer(
        services().incidents.list(
            actor(), states=states, limit=query.limit, before_id=query.before_id
        )
    )


@incidents.post("", needs=(Permission.INCIDENT_WRITE,))
@incidents.input(CreateIncident, arg_name="body")
@incidents.output(INCIDENT, 201)
@incidents.doc(responses={409: "idempotency_mismatch"})
def create_incident(body: CreateIncident) -> Response:
    """Open an incident at a point."""
    incident = services().incidents.create(actor(), body)
    location = url_for("incidents.get_incident", incident_id=incident["id"])
    return answer(incident, 201, location=location)


@incidents.get("/<int:incident_id>", needs=ORDERS_SEEN)
@incidents.output(INCIDENT)
def get_incident(incident_id: int) -> Response:
    """Show one incident with all its assignments."""
    return answer(services().incidents.get(actor(), incident_id))


@incidents.post("/<int:incident_id>/unit", needs=(Permission.INCIDENT_WRITE,))
@incidents.input(MoveIncident, arg_name="body")
@incidents.output(INCIDENT)
@incidents.doc(responses={409: "idempotency_mismatch"})
def move_incident(incident_id: int, body: MoveIncident) -> Response:
    """Give an incident to another unit of its company, with its orders and its history."""
    return answer(services().incident_moves.move(actor(), incident_id, body))


@incidents.patch("/<int:incident_id>", needs=(Permission.INCIDENT_WRITE,))
@incidents.input(ChangeIncident, arg_name="body")
@incidents.output(INCIDENT)
@incidents.doc(responses={409: "incident_changed or incident_ended"})
def change_incident(incident_id: int, body: ChangeIncident) -> Response:
    """Change what is known of an incident."""
    return answer(services().incidents.update(actor(), incident_id, body))


@incidents.post("/<int:incident_id>/close", needs=(Permission.INCIDENT_CLOSE,))
@incidents.input(Step, arg_name="body")
@incidents.output(INCIDENT)
@incidents.doc(responses={409: DECISION_REFUSED})
def close_incident(incident_id: int, body: Step) -> Response:
    """Close an incident."""
    return answer(services().decisions.close(actor(), incident_id, body))


@incidents.post("/<int:incident_id>/cancel", needs=(Permission.INCIDENT_CLOSE,))
@incidents.input(Step, arg_name="body")
@incidents.output(INCIDENT)
@incidents.doc(responses={409: DECISION_REFUSED})
def cancel_incident(incident_id: int, body: Step) -> Response:
    """Cancel an incident; its live assignments are withdrawn."""
    return answer(services().decisions.cancel(actor(), incident_id, body))


@incidents.post("/<int:incident_id>/reopen", needs=(Permission.INCIDENT_CLOSE,))
@incidents.input(Step, arg_name="body")
@incidents.output(INCIDENT)
@incidents.doc(responses={409: DECISION_REFUSED})
def reopen_incident(incident_id: int, body: Step) -> Response:
    """Reopen an incident that was closed or cancelled."""
    return answer(services().decisions.reopen(actor(), incident_id, body))


@incidents.get("/<int:incident_id>/timeline", needs=ORDERS_SEEN)
@incidents.output(described(EventsAnswer))
def incident_timeline(incident_id: int) -> Response:
    """Show everything that happened to an incident."""
    return answer(services().incidents.timeline(actor(), incident_id))


@incidents.get("/<int:incident_id>/candidates", needs=(Permission.ASSIGNMENT_SEND,))
@incidents.input(CandidateQuery, location="query", arg_name="query")
@incidents.output(described(CandidatesAnswer))
def incident_candidates(incident_id: int, query: CandidateQuery) -> Response:
    """Judge every crew within the radius: who can come, and when."""
    return answer(services().candidates.for_incident(actor(), incident_id, query.radius_m))


@incidents.get(
    "/<int:incident_id>/candidates/<int:crew_id>/route", needs=(Permission.ASSIGNMENT_SEND,)
)
@incidents.input(PreviewQuery, location="query", arg_name="query")
@incidents.output(described(WayAnswer), content_type="application/geo+json")
@incidents.doc(responses={409: "no_fix, no_road_time, off_road or unreachable"})
def candidate_route(incident_id: int, crew_id: int, query: PreviewQuery) -> Response:
    """Show the way a crew would take."""
    feature = services().paths.of_crew(
        actor(), incident_id, crew_id, alternatives=query.alternatives
    )
    return answer(feature, Content_Type="application/geo+json")


@incidents.post("/<int:incident_id>/assignments", needs=(Permission.ASSIGNMENT_SEND,))
@incidents.input(SendCrew, arg_name="body")
@incidents.input(RepeatHeaders, location="headers", arg_name="headers")
@incidents.output(described(AssignmentAnswer), 201)
@incidents.doc(
    responses={
        409: "crew_taken, already_assigned, incident_changed, incident_ended, crew_off_duty, "
        "replaced_changed or idempotency_mismatch"
    }
)
def send_crew(incident_id: int, body: SendCrew, headers: RepeatHeaders) -> Response:
    """Send a crew; with `replaces`, instead of another one, whose order is withdrawn with it.

    With the header Idempotency-Key a repeated request gets the same answer and sends nobody twice;
    the repeat carries Idempotent-Replay: true.
    """
    assignment, replayed = services().sending.send(
        actor(), incident_id, body, idempotency_key=headers.key
    )
    location = url_for("assignments.get_assignment", assignment_id=assignment["id"])
    return answer(assignment, 201, location=location, replayed=replayed)
