"""Roles, permissions, and the actor of a request.

Users have roles, roles have permissions: code asks for a permission, never for a role, so that a
new role is a line in the table below.
"""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed


class Role(StrEnum):
    """Role of an account."""

    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    CREW = "crew"
    ADMINISTRATOR = "administrator"
    INTEGRATION = "integration"


class Permission(StrEnum):
    """Permission that a role may grant."""

    INCIDENT_READ = "incident.read"
    INCIDENT_WRITE = "incident.write"
    ASSIGNMENT_SEND = "assignment.send"
    ASSIGNMENT_INTERRUPT = "assignment.interrupt"
    ASSIGNMENT_ACT_ANY = "assignment.act_any"
    ASSIGNMENT_ACT_OWN = "assignment.act_own"
    CREW_READ = "crew.read"
    CREW_DUTY_ANY = "crew.duty_any"
    CREW_DUTY_OWN = "crew.duty_own"
    POSITION_WRITE_OWN = "position.write_own"
    POSITION_WRITE_ANY = "position.write_any"
    CLOSURE_READ = "closure.read"
    CLOSURE_WRITE = "closure.write"
    ZONE_READ = "zone.read"
    ZONE_WRITE = "zone.write"
    LAYER_READ = "layer.read"
    LAYER_WRITE = "layer.write"
    OUTCOME_WRITE = "outcome.write"
    RULES_WRITE = "rules.write"
    """Chains, response plans, pledges, check-ins: what the system does by itself, and when."""
    GATEWAY_WRITE = "gateway.write"
    ACCOUNT_WRITE = "account.write"


_DESK = frozenset(
    {
        Permission.INCIDENT_READ,
        Permission.INCIDENT_WRITE,
        Permission.ASSIGNMENT_SEND,
        Permission.ASSIGNMENT_INTERRUPT,
        Permission.ASSIGNMENT_ACT_ANY,
        Permission.CREW_READ,
        Permission.CREW_DUTY_ANY,
        Permission.CLOSURE_READ,
        Permission.CLOSURE_WRITE,
        Permission.ZONE_READ,
        Permission.LAYER_READ,
    }
)
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DISPATCHER: _DESK,
    Role.SUPERVISOR: _DESK | {Permission.RULES_WRITE},
    Role.CREW: frozenset(
        {
            Permission.ASSIGNMENT_ACT_OWN,
            Permission.CREW_DUTY_OWN,
            Permission.POSITION_WRITE_OWN,
            Permission.CLOSURE_READ,
        }
    ),
    Role.ADMINISTRATOR: _DESK
    | {
        Permission.ACCOUNT_WRITE,
        Permission.RULES_WRITE,
        Permission.GATEWAY_WRITE,
        Permission.ZONE_WRITE,
        Permission.LAYER_WRITE,
        Permission.OUTCOME_WRITE,
    },
    Role.INTEGRATION: frozenset(
        {Permission.POSITION_WRITE_ANY, Permission.CREW_READ, Permission.CLOSURE_READ}
    ),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program on whose behalf a request is made."""

    account_id: int | None
    username: str
    display_name: str
    roles: frozenset[str]
    crew_id: int | None = None
    language: str | None = None

    def may(self, permission: str) -> bool:
        """Return whether any of the actor's roles grants a permission."""
        return any(permission in PERMISSIONS.get(Role(role), frozenset()) for role in self.roles)

    def require(self, permission: str) -> None:
        """Raise `NotAllowed` unless a role of the actor grants a permission.

        Raises
        ------
        NotAllowed
            If none does.
        """
        if not self.may(permission):
            message = N_("Your account may not do this (it needs the permission %(permission)s).")
            raise NotAllowed(message, {"permission": permission})


SYSTEM = Actor(None, "nearcrew", "Nearcrew", frozenset({Role.ADMINISTRATOR}))
