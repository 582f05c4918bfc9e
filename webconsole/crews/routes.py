"""Crews, their duty, orders and tracks."""

from flask import Response

from webconsole.ground import path_schemas
from webconsole.platform import answers
from webconsole.platform import queries
from webconsole.platform import requests
from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

crews = Area("crews", __name__, url_prefix="/api/v1/crews", tag="Crews")


@crews.get("")
@crews.output(answers.Crews)
def list_crews() -> Response:
    """List all crews with duty, state, position and workload."""
    return answer(services().crews.list(actor()))


@crews.get("/<int:crew_id>")
@crews.output(answers.Crew)
def get_crew(crew_id: int) -> Response:
    """Show one crew."""
    return answer(services().crews.get(actor(), crew_id))


@crews.put("/<int:crew_id>/duty")
@crews.input(requests.DutyChange, arg_name="body")
@crews.output(answers.Crew)
def set_duty(crew_id: int, body: requests.DutyChange) -> Response:
    """Put a crew on duty, on break or off duty."""
    given = body.given()
    duty = str(given.pop("duty"))
    return answer(services().crews.set_duty(actor(), crew_id, duty, given))


@crews.get("/<int:crew_id>/assignments")
@crews.input(queries.OrderQuery, location="query", arg_name="query")
@crews.output(answers.Assignments)
def crew_assignments(crew_id: int, query: queries.OrderQuery) -> Response:
    """List a crew's orders, each with its incident."""
    return answer(services().assignments.list_for_crew(actor(), crew_id, live_only=query.live_only))


@crews.get("/<int:crew_id>/track")
@crews.input(queries.PeriodQuery, location="query", arg_name="query")
@crews.output(path_schemas.Feature, content_type="application/geo+json")
def crew_track(crew_id: int, query: queries.PeriodQuery) -> Response:
    """Show where a crew was."""
    track = services().crews.track(actor(), crew_id, query.from_, query.to)
    return answer(track, Content_Type="application/geo+json")
