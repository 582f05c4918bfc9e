"""Hand-overs: what crews leave at the end of their shift, and giving it to the next one."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.handovers.types import HandedOverAnswer
from dispatch.handovers.types import HandOver
from dispatch.handovers.types import LeavingsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

handovers = Area("handovers", __name__, url_prefix="/api/v1", tag="Hand-overs")


@handovers.get("/hand-overs", needs=(Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN))
@handovers.output(described(LeavingsAnswer))
def list_leaving() -> Response:
    """List crews whose shift ends soon or has ended, with their orders and who comes in."""
    return answer(services().leaving.list(actor()))


@handovers.post("/crews/<int:crew_id>/hand-over", needs=(Permission.ASSIGNMENT_SEND,))
@handovers.input(HandOver, arg_name="body")
@handovers.output(described(HandedOverAnswer))
@handovers.doc(responses={409: "crew_off_duty or nothing_to_hand_over; idempotency_mismatch"})
def hand_over(crew_id: int, body: HandOver) -> Response:
    """Give a crew's orders to another one, all in one step; a crew on scene keeps its own."""
    done, replayed = services().hand_overs.hand_over(actor(), crew_id, body)
    return answer(done, replayed=replayed)
