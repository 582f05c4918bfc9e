"""Notices to crews: what they have to confirm, and that they did."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.notices.types import NoticeAnswer
from dispatch.notices.types import NoticesAnswer
from dispatch.notices.types import Understand
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

notices = Area("notices", __name__, url_prefix="/api/v1", tag="Notices")
CONFIRMS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)


@notices.get("/crews/<int:crew_id>/notices", needs=ORDERS_SEEN)
@notices.output(described(NoticesAnswer))
def crew_notices(crew_id: int) -> Response:
    """List what a crew was told of its orders and has not confirmed yet."""
    return answer(services().notices.open_for_crew(actor(), crew_id))


@notices.post("/notices/<int:notice_id>/understood", needs=CONFIRMS)
@notices.input(Understand, arg_name="body")
@notices.output(described(NoticeAnswer))
def understood(notice_id: int, body: Understand) -> Response:
    """Confirm a notice, with all older ones of the same order; said again it changes nothing."""
    return answer(services().notices.understood(actor(), notice_id, body))
