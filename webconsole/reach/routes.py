"""The signs of a crew's page: that it is open, and whether it may make a sound."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.reach.types import ReachableAnswer
from dispatch.reach.types import ReportReach
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

reach = Area("reach", __name__, url_prefix="/api/v1/crews", tag="Reach")


@reach.put("/<int:crew_id>/reach", needs=(Permission.ASSIGNMENT_ACT_OWN,))
@reach.input(ReportReach, arg_name="body")
@reach.output(described(ReachableAnswer))
def report_reach(crew_id: int, body: ReportReach) -> Response:
    """Give a sign of the crew's own page: at least every 20 seconds, and when something changes."""
    return answer(services().reach.report(actor(), crew_id, body))
