"""Response plans: read and set; the crews that an incident's plan asks for, proposed and sent."""

from typing import Any

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.incidents.types import IncidentAnswer
from dispatch.plans.plan_sending import SentRow
from dispatch.plans.proposal_types import ProposalAnswer
from dispatch.plans.proposal_types import SentPlanAnswer
from dispatch.plans.types import ChangeLevel
from dispatch.plans.types import ChangeRole
from dispatch.plans.types import PlanAnswer
from dispatch.plans.types import PlansAnswer
from dispatch.plans.types import ProposePlan
from dispatch.plans.types import SendPlan
from dispatch.plans.types import SetPlan
from webconsole.platform import problems
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

plans = Area("plans", __name__, url_prefix="/api/v1", tag="Response plans")
PLAN = described(PlanAnswer)


@plans.get("/plans", needs=(Permission.INCIDENT_READ,))
@plans.output(described(PlansAnswer))
def list_plans() -> Response:
    """List the response plans of all kinds of incidents."""
    return answer(services().plans.all(actor()))


@plans.get("/plans/<kind>", needs=(Permission.INCIDENT_READ,))
@plans.output(PLAN)
def get_plan(kind: str) -> Response:
    """Show the response plan of a kind: which crews it needs at which alarm level."""
    return answer(services().plans.of_kind(actor(), kind))


@plans.put("/plans/<kind>", needs=(Permission.RULES_WRITE,))
@plans.input(SetPlan, arg_name="body")
@plans.output(PLAN)
@plans.doc(responses={409: "idempotency_mismatch"})
def set_plan(kind: str, body: SetPlan) -> Response:
    """Put a plan in place of the present one.

    It holds for incidents that are open, too; crews that are sent stay sent.
    """
    return answer(services().plans.set(actor(), kind, body))


@plans.post("/incidents/<int:incident_id>/plan", needs=(Permission.ASSIGNMENT_SEND,))
@plans.input(ProposePlan, arg_name="body")
@plans.output(described(ProposalAnswer))
@plans.doc(responses={409: "incident_ended"})
def propose_plan(incident_id: int, body: ProposePlan) -> Response:
    """Propose the crews that are together there soonest for what the plan still misses.

    Nothing is written. What nobody can be proposed for says why.
    """
    return answer(services().plan_proposals.propose(actor(), incident_id, body))


@plans.post("/incidents/<int:incident_id>/plan/send", needs=(Permission.ASSIGNMENT_SEND,))
@plans.input(SendPlan, arg_name="body")
@plans.output(described(SentPlanAnswer))
def send_plan(incident_id: int, body: SendPlan) -> Response:
    """Send several crews, each for its task: each row whole or not at all.

    A row that no longer holds is named with its reason (`crew_taken`, `crew_off_duty`,
    `already_assigned`, `task_filled`, `task_unknown`, `lead_taken`, `incident_ended`) and not sent.
    Repeated with the same `client_id` nobody is sent twice.
    """
    rows, incident = services().plan_sending.send(actor(), incident_id, body)
    return answer({"rows": [_row(each) for each in rows], "incident": incident})


@plans.post("/incidents/<int:incident_id>/level", needs=(Permission.INCIDENT_WRITE,))
@plans.input(ChangeLevel, arg_name="body")
@plans.output(described(IncidentAnswer))
@plans.doc(responses={409: "incident_changed, incident_ended or idempotency_mismatch"})
def change_level(incident_id: int, body: ChangeLevel) -> Response:
    """Raise or lower the alarm level of an incident, with a reason."""
    return answer(services().levels.change(actor(), incident_id, body))


@plans.post("/assignments/<int:assignment_id>/role", needs=(Permission.ASSIGNMENT_SEND,))
@plans.input(ChangeRole, arg_name="body")
@plans.output(described(AssignmentAnswer))
@plans.doc(responses={409: "wrong_state or idempotency_mismatch"})
def change_role(assignment_id: int, body: ChangeRole) -> Response:
    """Make a crew lead the work, or support it; a crew that led until then supports."""
    return answer(services().roles.change(actor(), assignment_id, body))


def _row(sent: SentRow) -> dict[str, Any]:
    refused = problems.from_domain(sent.refused).body() if sent.refused else None
    return {
        "crew_id": sent.row.crew_id,
        "task": sent.row.task,
        "assignment": sent.assignment,
        "refused": refused,
    }
