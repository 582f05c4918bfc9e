"""Incidents, their candidates, and sending a crew."""

from flask import Response
from flask import url_for

from webconsole.ground import path_schemas
from webconsole.platform import answers
from webconsole.platform import queries
from webconsole.platform import requests
from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.reading import idempotency_key

incidents = Area("incidents", __name__, url_prefix="/api/v1/incidents", tag="Incidents")


@incidents.get("")
@incidents.input(queries.IncidentQuery, location="query", arg_name="query")
@incidents.output(answers.Incidents)
def list_incidents(query: queries.IncidentQuery) -> Response:
    """List incidents, newest first."""
    states = [each.strip() for each in query.state.split(",")] if query.state else None
    return answer(
        services().incidents.list(
            actor(), states=states, limit=query.limit, before_id=query.before_id
        )
    )


@incidents.post("")
@incidents.input(requests.NewIncident, arg_name="body")
@incidents.output(answers.Incident, 201)
def create_incident(body: requests.NewIncident) -> Response:
    """Open an incident at a point."""
    incident = services().incidents.create(actor(), body.given())
    location = url_for("incidents.get_incident", incident_id=incident["id"])
    return answer(incident, 201, location=location)


@incidents.get("/<int:incident_id>")
@incidents.output(answers.Incident)
def get_incident(incident_id: int) -> Response:
    """Show one incident with all its assignments."""
    return answer(services().incidents.get(actor(), incident_id))


@incidents.patch("/<int:incident_id>")
@incidents.input(requests.IncidentChange, arg_name="body")
@incidents.output(answers.Incident)
def change_incident(incident_id: int, body: requests.IncidentChange) -> Response:
    """Change what is known of an incident."""
    return answer(services().incidents.update(actor(), incident_id, body.given()))


@incidents.post("/<int:incident_id>/close")
@incidents.input(requests.Step, arg_name="body")
@incidents.output(answers.Incident)
def close_incident(incident_id: int, body: requests.Step) -> Response:
    """Close an incident."""
    return answer(services().decisions.close(actor(), incident_id, body.given()))


@incidents.post("/<int:incident_id>/cancel")
@incidents.input(requests.Step, arg_name="body")
@incidents.output(answers.Incident)
def cancel_incident(incident_id: int, body: requests.Step) -> Response:
    """Cancel an incident; its live assignments are withdrawn."""
    return answer(services().decisions.cancel(actor(), incident_id, body.given()))


@incidents.post("/<int:incident_id>/reopen")
@incidents.input(requests.Step, arg_name="body")
@incidents.output(answers.Incident)
def reopen_incident(incident_id: int, body: requests.Step) -> Response:
    """Reopen an incident that was closed or cancelled."""
    return answer(services().decisions.reopen(actor(), incident_id, body.given()))


@incidents.get("/<int:incident_id>/timeline")
@incidents.output(answers.Events)
def incident_timeline(incident_id: int) -> Response:
    """Show everything that happened to an incident."""
    return answer(services().incidents.timeline(actor(), incident_id))


@incidents.get("/<int:incident_id>/candidates")
@incidents.input(queries.CandidateQuery, location="query", arg_name="query")
@incidents.output(answers.Candidates)
def incident_candidates(incident_id: int, query: queries.CandidateQuery) -> Response:
    """Judge every crew within the radius: who can come, and when."""
    given = {} if query.radius_m is None else {"radius_m": query.radius_m}
    return answer(services().candidates.for_incident(actor(), incident_id, **given))


@incidents.get("/<int:incident_id>/candidates/<int:crew_id>/route")
@incidents.input(queries.PreviewQuery, location="query", arg_name="query")
@incidents.output(path_schemas.Way, content_type="application/geo+json")
def candidate_route(incident_id: int, crew_id: int, query: queries.PreviewQuery) -> Response:
    """Show the way a crew would take."""
    feature = services().paths.of_crew(
        actor(), incident_id, crew_id, alternatives=query.alternatives
    )
    return answer(feature, Content_Type="application/geo+json")


@incidents.post("/<int:incident_id>/assignments")
@incidents.input(requests.Sending, arg_name="body")
@incidents.output(answers.Assignment, 201)
@incidents.doc(
    responses={
        409: "crew_taken, already_assigned, incident_changed, incident_ended, crew_off_duty or "
        "idempotency_mismatch"
    }
)
def send_crew(incident_id: int, body: requests.Sending) -> Response:
    """Send a crew.

    With the header Idempotency-Key a repeated request gets the same answer and sends nobody twice;
    the repeat carries Idempotent-Replay: true.
    """
    assignment, replayed = services().sending.send(
        actor(), incident_id, body.given(), idempotency_key=idempotency_key()
    )
    location = url_for("assignments.get_assignment", assignment_id=assignment["id"])
    return answer(assignment, 201, location=location, replayed=replayed)
