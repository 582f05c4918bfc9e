"""Roles: what they permit, which exclude each other, and which matters need two people."""

from flask import Response

from dispatch.access.permission_words import SUBJECTS
from dispatch.access.permissions import Permission
from dispatch.roles.types import AddRole
from dispatch.roles.types import ChangeRolePermissions
from dispatch.roles.types import DemandSeparation
from dispatch.roles.types import DutiesAnswer
from dispatch.roles.types import PermissionSubjectsAnswer
from dispatch.roles.types import RoleAnswer
from dispatch.roles.types import RolesAnswer
from dispatch.roles.types import RuleChangeListQuery
from dispatch.roles.types import RuleChangesAnswer
from dispatch.roles.types import SetExclusions
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.problems import say
from webconsole.platform.reading import Area

roles = Area("roles", __name__, url_prefix="/api/v1", tag="Roles")
READS = (Permission.ACCOUNT_READ,)
CHANGES = (Permission.ROLE_WRITE,)
APPROVES = (Permission.RULES_APPROVE,)
DUTIES = described(DutiesAnswer)


@roles.get("/permissions", needs=READS)
@roles.output(described(PermissionSubjectsAnswer))
def list_permissions() -> Response:
    """List all permissions by subject, each in a sentence."""
    told: PermissionSubjectsAnswer = {
        "subjects": [
            {
                "code": subject.code,
                "label": say(subject.label, {}),
                "permissions": [
                    {"permission": each.value, "sentence": say(sentence, {})}
                    for each, sentence in subject.sentences.items()
                ],
            }
            for subject in SUBJECTS
        ]
    }
    return answer(told)


@roles.get("/roles", needs=READS)
@roles.output(described(RolesAnswer))
def list_roles() -> Response:
    """List the roles and what each permits, the shipped ones first."""
    return answer(services().access_roles.list(actor()))


@roles.post("/roles", needs=CHANGES)
@roles.input(AddRole, arg_name="body")
@roles.output(described(RoleAnswer), 201)
@roles.doc(responses={409: "name_taken"})
def add_role(body: AddRole) -> Response:
    """Add a role; it can permit no more than whoever adds it may do."""
    return answer(services().access_roles.add(actor(), body), 201)


@roles.patch("/roles/<code>", needs=CHANGES)
@roles.input(ChangeRolePermissions, arg_name="body")
@roles.output(described(RoleAnswer))
@roles.doc(responses={409: "last_administrator or name_taken"})
def change_role(code: str, body: ChangeRolePermissions) -> Response:
    """Change a role's names and what it permits, from the next request of everybody on."""
    return answer(services().access_roles.change(actor(), code, body))


@roles.delete("/roles/<code>", needs=CHANGES)
@roles.output({}, 204)
@roles.doc(responses={409: "role_shipped or role_in_use"})
def remove_role(code: str) -> Response:
    """Remove a role that is not shipped and that no account has."""
    services().access_roles.remove(actor(), code)
    return Response(status=204)


@roles.get("/rule-changes", needs=APPROVES)
@roles.input(RuleChangeListQuery, location="query", arg_name="query")
@roles.output(described(RuleChangesAnswer))
def list_rule_changes(query: RuleChangeListQuery) -> Response:
    """List the changes of pledges and escalation chains that wait for somebody's approval."""
    return answer(services().rule_changes.list(actor(), query))


@roles.post("/rule-changes/<int:change_id>/approve", needs=APPROVES)
@roles.output({}, 204)
@roles.doc(responses={409: "same_person, change_settled, or why it cannot be stored now"})
def approve_rule_change(change_id: int) -> Response:
    """Store what somebody else entered."""
    services().rule_changes.approve(actor(), change_id)
    return Response(status=204)


@roles.post("/rule-changes/<int:change_id>/refuse", needs=APPROVES)
@roles.output({}, 204)
@roles.doc(responses={409: "change_settled"})
def refuse_rule_change(change_id: int) -> Response:
    """Refuse what was entered, or take back one's own."""
    services().rule_changes.refuse(actor(), change_id)
    return Response(status=204)


@roles.get("/duties", needs=READS)
@roles.output(DUTIES)
def list_duties() -> Response:
    """List which roles exclude each other, and which matters need two people."""
    return answer(services().duties.list(actor()))


@roles.put("/duties/exclusions", needs=CHANGES)
@roles.input(SetExclusions, arg_name="body")
@roles.output(DUTIES)
@roles.doc(responses={409: "roles_together: an account has both"})
def set_exclusions(body: SetExclusions) -> Response:
    """Set the pairs of roles that no account may have together."""
    return answer(services().duties.set_exclusions(actor(), body))


@roles.put("/duties/separations/<matter>", needs=CHANGES)
@roles.input(DemandSeparation, arg_name="body")
@roles.output(DUTIES)
def demand_separation(matter: str, body: DemandSeparation) -> Response:
    """Demand that a matter is entered and approved by two people, or no longer."""
    return answer(services().duties.demand(actor(), matter, body))
