"""The signs of a crew's page: that it is open, may make a sound, and what will not work on it."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.reach.types import PhoneChecksAnswer
from dispatch.reach.types import ReachableAnswer
from dispatch.reach.types import ReportPhoneCheck
from dispatch.reach.types import ReportReach
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

CHECKS_SEEN = (Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN)
reach = Area("reach", __name__, url_prefix="/api/v1/crews", tag="Reach")


@reach.put("/<int:crew_id>/reach", needs=(Permission.ASSIGNMENT_ACT_OWN,))
@reach.input(ReportReach, arg_name="body")
@reach.output(described(ReachableAnswer))
def report_reach(crew_id: int, body: ReportReach) -> Response:
    """Give a sign of the crew's own page: at least every 20 seconds, and when something changes."""
    return answer(services().reach.report(actor(), crew_id, body))


@reach.put("/<int:crew_id>/phone-check", needs=(Permission.ASSIGNMENT_ACT_OWN,))
@reach.input(ReportPhoneCheck, arg_name="body")
@reach.output(described(PhoneChecksAnswer))
def report_phone_check(crew_id: int, body: ReportPhoneCheck) -> Response:
    """Say what will not work on a phone of the crew."""
    return answer(services().phone_checks.report(actor(), crew_id, body))


@reach.get(
    "/<int:crew_id>/phone-check", needs=(Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN)
)
@reach.output(described(PhoneChecksAnswer))
def list_phone_checks(crew_id: int) -> Response:
    """List the phones of a crew with what will not work on each."""
    return answer(services().phone_checks.list(actor(), crew_id))
