"""The rota: kinds of shifts, rotations, minimum staffing and its gaps, calendar addresses."""

from datetime import timedelta

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.shifts.rota_types import FeedAnswer
from dispatch.shifts.rota_types import GapsAnswer
from dispatch.shifts.rota_types import RotationsAnswer
from dispatch.shifts.rota_types import SetRotation
from dispatch.shifts.rota_types import SetRotationAnswer
from dispatch.shifts.rota_types import SetStaffingRule
from dispatch.shifts.rota_types import SetTemplate
from dispatch.shifts.rota_types import StaffingRuleAnswer
from dispatch.shifts.rota_types import StaffingRulesAnswer
from dispatch.shifts.rota_types import TemplateAnswer
from dispatch.shifts.rota_types import TemplatesAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.shifts.schemas import GapsQuery

rota = Area("rota", __name__, url_prefix="/api/v1", tag="Rota")
READ = (Permission.SHIFT_READ,)
PLAN = (Permission.SHIFT_WRITE,)
OWN = (Permission.SHIFT_OWN, Permission.SHIFT_WRITE)
TEMPLATE = described(TemplateAnswer)
ROTATION = described(SetRotationAnswer)
RULE = described(StaffingRuleAnswer)
FEED = described(FeedAnswer)
OVERLAPS = "shift_overlaps, naming crew, day and the other shift; rotation_changed"


@rota.get("/shift-templates", needs=READ)
@rota.output(described(TemplatesAnswer))
def list_templates() -> Response:
    """List the kinds of shifts that can be planned."""
    return answer(services().rota.templates(actor()))


@rota.post("/shift-templates", needs=PLAN)
@rota.input(SetTemplate, arg_name="body")
@rota.output(TEMPLATE, 201)
def add_template(body: SetTemplate) -> Response:
    """Add a kind of shift."""
    return answer(services().rota.set_template(actor(), None, body), 201)


@rota.put("/shift-templates/<int:template_id>", needs=PLAN)
@rota.input(SetTemplate, arg_name="body")
@rota.output(TEMPLATE)
@rota.doc(responses={409: "template_changed"})
def set_template(template_id: int, body: SetTemplate) -> Response:
    """Change a kind of shift; shifts that are there stay until their rotation is saved again."""
    return answer(services().rota.set_template(actor(), template_id, body))


@rota.delete("/shift-templates/<int:template_id>", needs=PLAN)
@rota.output(TEMPLATE)
@rota.doc(responses={409: "template_used"})
def retire_template(template_id: int) -> Response:
    """Plan no more shifts of a kind."""
    return answer(services().rota.retire_template(actor(), template_id))


@rota.get("/rotations", needs=READ)
@rota.output(described(RotationsAnswer))
def list_rotations() -> Response:
    """List the rotations: cycles of days that crews go through."""
    return answer(services().rota.rotations(actor()))


@rota.post("/rotations", needs=PLAN)
@rota.input(SetRotation, arg_name="body")
@rota.output(ROTATION, 201)
@rota.doc(responses={409: OVERLAPS})
def add_rotation(body: SetRotation) -> Response:
    """Add a rotation, and its shifts of the next six weeks."""
    return answer(services().rota.set_rotation(actor(), None, body), 201)


@rota.put("/rotations/<int:rotation_id>", needs=PLAN)
@rota.input(SetRotation, arg_name="body")
@rota.output(ROTATION)
@rota.doc(responses={409: OVERLAPS})
def set_rotation(rotation_id: int, body: SetRotation) -> Response:
    """Change a rotation and its shifts to come, but for those that were changed by hand."""
    return answer(services().rota.set_rotation(actor(), rotation_id, body))


@rota.delete("/rotations/<int:rotation_id>", needs=PLAN)
@rota.output(ROTATION)
def retire_rotation(rotation_id: int) -> Response:
    """End a rotation; its shifts to come go, but for those that were changed by hand."""
    return answer(services().rota.retire_rotation(actor(), rotation_id))


@rota.get("/staffing-rules", needs=READ)
@rota.output(described(StaffingRulesAnswer))
def list_staffing_rules() -> Response:
    """List how many crews there should be at least, where, when, and with which skill."""
    return answer(services().staffing.rules(actor()))


@rota.post("/staffing-rules", needs=PLAN)
@rota.input(SetStaffingRule, arg_name="body")
@rota.output(RULE, 201)
def add_staffing_rule(body: SetStaffingRule) -> Response:
    """Add a rule."""
    return answer(services().staffing.set(actor(), None, body), 201)


@rota.put("/staffing-rules/<int:rule_id>", needs=PLAN)
@rota.input(SetStaffingRule, arg_name="body")
@rota.output(RULE)
@rota.doc(responses={409: "staffing_rule_changed"})
def set_staffing_rule(rule_id: int, body: SetStaffingRule) -> Response:
    """Change a rule."""
    return answer(services().staffing.set(actor(), rule_id, body))


@rota.delete("/staffing-rules/<int:rule_id>", needs=PLAN)
@rota.output(RULE)
def retire_staffing_rule(rule_id: int) -> Response:
    """Ask for that no longer."""
    return answer(services().staffing.retire(actor(), rule_id))


@rota.get("/staffing-gaps", needs=READ)
@rota.input(GapsQuery, location="query", arg_name="query")
@rota.output(described(GapsAnswer))
def list_gaps(query: GapsQuery) -> Response:
    """List where and when too few crews are planned, of the next 14 days unless said otherwise."""
    return answer(services().staffing.gaps(actor(), timedelta(days=query.days)))


@rota.get("/crews/<int:crew_id>/shift-feed", needs=OWN)
@rota.output(FEED)
def get_feed(crew_id: int) -> Response:
    """Say whether a crew's shifts can be read by a calendar program; not at which address."""
    return answer(services().shift_feeds.get(actor(), crew_id))


@rota.post("/crews/<int:crew_id>/shift-feed", needs=OWN)
@rota.output(FEED, 201)
def make_feed(crew_id: int) -> Response:
    """Make a new secret address for calendar programs, told this once; a former one ends."""
    return answer(services().shift_feeds.make(actor(), crew_id), 201)


@rota.delete("/crews/<int:crew_id>/shift-feed", needs=OWN)
@rota.output(FEED)
def revoke_feed(crew_id: int) -> Response:
    """Have the address lead nowhere."""
    return answer(services().shift_feeds.revoke(actor(), crew_id))
