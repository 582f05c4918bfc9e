"""Cover and move-ups."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.cover.types import AnswerMoveUp
from dispatch.cover.types import AskMoveUp
from dispatch.cover.types import CoverAnswer
from dispatch.cover.types import MoveUpAnswer
from dispatch.cover.types import MoveUpsAnswer
from webconsole.cover.schemas import CoverQuery
from webconsole.cover.schemas import MoveUpsQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

cover = Area("cover", __name__, url_prefix="/api/v1", tag="Cover")
MOVE_UP = described(MoveUpAnswer)
ENDED = "move_up_ended"
SEEN = (Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN)
ANSWERS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)


@cover.get("/incidents/<int:incident_id>/cover", needs=(Permission.ASSIGNMENT_SEND,))
@cover.input(CoverQuery, location="query", arg_name="query")
@cover.output(described(CoverAnswer))
def cover_without(incident_id: int, query: CoverQuery) -> Response:
    """Tell what sending each of some crews would uncover, and who would restore it.

    Cover is the share of an area's roads that some idle crew reaches within ``within_s``. Asked
    after the candidates, for those at the head of the list.
    """
    return answer(services().cover.without(actor(), incident_id, query.crew_ids))


@cover.get("/moveups", needs=SEEN)
@cover.input(MoveUpsQuery, location="query", arg_name="query")
@cover.output(described(MoveUpsAnswer))
def list_move_ups(query: MoveUpsQuery) -> Response:
    """List the move-ups that are alive; a crew asks for its own."""
    return answer(services().move_ups.list(actor(), query.crew_id))


@cover.post("/moveups", needs=(Permission.ASSIGNMENT_SEND,))
@cover.input(AskMoveUp, arg_name="body")
@cover.output(MOVE_UP, 201)
@cover.doc(responses={409: "crew_off_duty, crew_taken, crew_moving_up or idempotency_mismatch"})
def ask_move_up(body: AskMoveUp) -> Response:
    """Ask an idle crew to stand at a place until it is sent."""
    made, replayed = services().move_ups.ask(actor(), body)
    return answer(made, 201, replayed=replayed)


@cover.post("/moveups/<int:move_up_id>/accept", needs=ANSWERS)
@cover.input(AnswerMoveUp, arg_name="body")
@cover.output(MOVE_UP)
@cover.doc(responses={409: ENDED})
def accept_move_up(move_up_id: int, body: AnswerMoveUp) -> Response:
    """Say that the crew goes there."""
    return answer(services().move_ups.accept(actor(), move_up_id, body))


@cover.post("/moveups/<int:move_up_id>/decline", needs=ANSWERS)
@cover.input(AnswerMoveUp, arg_name="body")
@cover.output(MOVE_UP)
@cover.doc(responses={409: ENDED})
def decline_move_up(move_up_id: int, body: AnswerMoveUp) -> Response:
    """Say that the crew does not go there, or cannot any longer."""
    return answer(services().move_ups.decline(actor(), move_up_id, body))


@cover.post("/moveups/<int:move_up_id>/cancel", needs=(Permission.ASSIGNMENT_SEND,))
@cover.input(AnswerMoveUp, arg_name="body")
@cover.output(MOVE_UP)
@cover.doc(responses={409: ENDED})
def cancel_move_up(move_up_id: int, body: AnswerMoveUp) -> Response:
    """Call a move-up off."""
    return answer(services().move_ups.cancel(actor(), move_up_id, body))
