"""Assignments: what a crew, or the desk for it, does with an order."""

from flask import Response

from webconsole.ground import path_schemas
from webconsole.platform import answers
from webconsole.platform import i18n
from webconsole.platform import queries
from webconsole.platform import requests
from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

assignments = Area("assignments", __name__, url_prefix="/api/v1/assignments", tag="Assignments")


@assignments.get("/<int:assignment_id>")
@assignments.output(answers.Assignment)
def get_assignment(assignment_id: int) -> Response:
    """Show one assignment."""
    return answer(services().assignments.get(actor(), assignment_id))


@assignments.get("/<int:assignment_id>/route")
@assignments.input(queries.GuidanceQuery, location="query", arg_name="query")
@assignments.output(path_schemas.Way, content_type="application/geo+json")
def assignment_route(assignment_id: int, query: queries.GuidanceQuery) -> Response:
    """Show the way from where the crew is now to its incident."""
    language = i18n.chosen_language() if query.guidance else None
    feature = services().paths.of_assignment(actor(), assignment_id, language=language)
    return answer(feature, Content_Type="application/geo+json")


@assignments.post("/<int:assignment_id>/accept")
@assignments.input(requests.Step, arg_name="body")
@assignments.output(answers.Assignment)
def accept(assignment_id: int, body: requests.Step) -> Response:
    """Take the order."""
    return _act(assignment_id, "accept", body)


@assignments.post("/<int:assignment_id>/decline")
@assignments.input(requests.Step, arg_name="body")
@assignments.output(answers.Assignment)
def decline(assignment_id: int, body: requests.Step) -> Response:
    """Refuse the order, with a reason."""
    return _act(assignment_id, "decline", body)


@assignments.post("/<int:assignment_id>/depart")
@assignments.input(requests.Step, arg_name="body")
@assignments.output(answers.Assignment)
def depart(assignment_id: int, body: requests.Step) -> Response:
    """Set out."""
    return _act(assignment_id, "depart", body)


@assignments.post("/<int:assignment_id>/arrive")
@assignments.input(requests.Step, arg_name="body")
@assignments.output(answers.Assignment)
def arrive(assignment_id: int, body: requests.Step) -> Response:
    """Be on scene."""
    return _act(assignment_id, "arrive", body)


@assignments.post("/<int:assignment_id>/complete")
@assignments.input(requests.Step, arg_name="body")
@assignments.output(answers.Assignment)
def complete(assignment_id: int, body: requests.Step) -> Response:
    """Finish the work, with its result."""
    return _act(assignment_id, "complete", body)


@assignments.post("/<int:assignment_id>/withdraw")
@assignments.input(requests.Step, arg_name="body")
@assignments.output(answers.Assignment)
def withdraw(assignment_id: int, body: requests.Step) -> Response:
    """Take the order back from the crew."""
    return _act(assignment_id, "withdraw", body)


def _act(assignment_id: int, action: str, body: requests.Step) -> Response:
    return answer(services().assignments.act(actor(), assignment_id, action, body.given()))
