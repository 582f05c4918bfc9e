"""Assignments: what a crew, or the desk for it, does with an order."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.assignments.types import MarkReached
from dispatch.assignments.types import OrderMarksAnswer
from dispatch.outcomes.types import Complete
from dispatch.writes.command import Step
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

assignments = Area("assignments", __name__, url_prefix="/api/v1/assignments", tag="Assignments")
ASSIGNMENT = described(AssignmentAnswer)
STEPS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)
STEP_REFUSED = "wrong_state, order_expired or idempotency_mismatch"


@assignments.get("/<int:assignment_id>", needs=ORDERS_SEEN)
@assignments.output(ASSIGNMENT)
def get_assignment(assignment_id: int) -> Response:
    """Show one assignment."""
    return answer(services().assignments.get(actor(), assignment_id))


@assignments.post("/<int:assignment_id>/accept", needs=STEPS)
@assignments.input(Step, arg_name="body")
@assignments.output(ASSIGNMENT)
@assignments.doc(responses={409: STEP_REFUSED})
def accept(assignment_id: int, body: Step) -> Response:
    """Take the order."""
    return _act(assignment_id, Action.ACCEPT, body)


@assignments.post("/<int:assignment_id>/decline", needs=STEPS)
@assignments.input(Step, arg_name="body")
@assignments.output(ASSIGNMENT)
@assignments.doc(responses={409: STEP_REFUSED})
def decline(assignment_id: int, body: Step) -> Response:
    """Refuse the order, with a reason."""
    return _act(assignment_id, Action.DECLINE, body)


@assignments.post("/<int:assignment_id>/depart", needs=STEPS)
@assignments.input(Step, arg_name="body")
@assignments.output(ASSIGNMENT)
@assignments.doc(responses={409: STEP_REFUSED})
def depart(assignment_id: int, body: Step) -> Response:
    """Set out."""
    return _act(assignment_id, Action.DEPART, body)


@assignments.post("/<int:assignment_id>/arrive", needs=STEPS)
@assignments.input(Step, arg_name="body")
@assignments.output(ASSIGNMENT)
@assignments.doc(responses={409: STEP_REFUSED})
def arrive(assignment_id: int, body: Step) -> Response:
    """Be on scene."""
    return _act(assignment_id, Action.ARRIVE, body)


@assignments.post("/<int:assignment_id>/complete", needs=STEPS)
@assignments.input(Complete, arg_name="body")
@assignments.output(ASSIGNMENT)
@assignments.doc(responses={409: STEP_REFUSED})
def complete(assignment_id: int, body: Complete) -> Response:
    """End the order: done, made safe with a repair to follow, or not done."""
    return _act(assignment_id, Action.COMPLETE, body)


@assignments.post("/<int:assignment_id>/withdraw", needs=(Permission.ASSIGNMENT_ACT_ANY,))
@assignments.input(Step, arg_name="body")
@assignments.output(ASSIGNMENT)
@assignments.doc(responses={409: STEP_REFUSED})
def withdraw(assignment_id: int, body: Step) -> Response:
    """Take the order back from the crew."""
    return _act(assignment_id, Action.WITHDRAW, body)


@assignments.post("/<int:assignment_id>/marks", needs=STEPS)
@assignments.input(MarkReached, arg_name="body")
@assignments.output(described(OrderMarksAnswer))
def mark(assignment_id: int, body: MarkReached) -> Response:
    """Note that the order was delivered, rang or was seen; said again it changes nothing."""
    return answer(services().marks.reached(actor(), assignment_id, body))


def _act(assignment_id: int, action: Action, body: Step) -> Response:
    return answer(services().assignments.act(actor(), assignment_id, action, body))
