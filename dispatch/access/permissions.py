"""Roles, permissions, and the actor of a request.

Users have roles, roles have permissions: code asks for a permission, never for a role. Which roles
there are, and what each permits, is a table that companies edit; here is what is shipped.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import Scope


class Role(StrEnum):
    """Code of a role that comes with Nearcrew; companies add roles of their own."""

    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    CREW = "crew"
    PLANNER = "planner"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    INTEGRATION = "integration"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """Permission that a role may grant; `permission_words` says each in a sentence."""

    INCIDENT_READ = "incident.read"
    INCIDENT_WRITE = "incident.write"
    INCIDENT_CLOSE = "incident.close"
    CALLER_READ = "caller.read"
    CLOCK_WRITE = "clock.write"
    WEATHER_WRITE = "weather.write"
    ASSIGNMENT_SEND = "assignment.send"
    ASSIGNMENT_INTERRUPT = "assignment.interrupt"
    ASSIGNMENT_ACT_ANY = "assignment.act_any"
    ASSIGNMENT_ACT_OWN = "assignment.act_own"
    CREW_READ = "crew.read"
    CREW_WRITE = "crew.write"
    VEHICLE_WRITE = "vehicle.write"
    SKILL_WRITE = "skill.write"
    DEVICE_WRITE = "device.write"
    CREW_DUTY_ANY = "crew.duty_any"
    CREW_DUTY_OWN = "crew.duty_own"
    SHIFT_READ = "shift.read"
    SHIFT_WRITE = "shift.write"
    SHIFT_APPROVE = "shift.approve"
    SHIFT_OWN = "shift.own"
    POSITION_WRITE_OWN = "position.write_own"
    POSITION_WRITE_ANY = "position.write_any"
    CLOSURE_READ = "closure.read"
    CLOSURE_WRITE = "closure.write"
    ZONE_READ = "zone.read"
    ZONE_WRITE = "zone.write"
    LAYER_READ = "layer.read"
    LAYER_WRITE = "layer.write"
    KIND_WRITE = "kind.write"
    OUTCOME_WRITE = "outcome.write"
    RULES_WRITE = "rules.write"
    """Chains, response plans, pledges, check-ins: what the system does by itself, and when."""
    RULES_APPROVE = "rules.approve"
    REPLAY_READ = "replay.read"
    MEASURE_READ = "measure.read"
    PLANNING_WRITE = "planning.write"
    """Standby points, scenarios and studies; who may look at them may also try others."""
    EXPORT = "export"
    UNIT_READ = "unit.read"
    UNIT_WRITE = "unit.write"
    STATION_WRITE = "station.write"
    LENDING_ASK = "lending.ask"
    LENDING_APPROVE = "lending.approve"
    ACCOUNT_READ = "account.read"
    ACCOUNT_WRITE = "account.write"
    TOKEN_WRITE = "token.write"  # noqa: S105  (a permission)
    ROLE_WRITE = "role.write"
    SECURITY_WRITE = "security.write"
    GATEWAY_WRITE = "gateway.write"
    SETTING_WRITE = "setting.write"
    SERVICE_READ = "service.read"
    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    READING_UNBLOCK = "reading.unblock"
    CALLERS_EXPORT = "callers.export"


OWN: Final = frozenset(
    {
        Permission.ASSIGNMENT_ACT_OWN,
        Permission.CREW_DUTY_OWN,
        Permission.SHIFT_OWN,
        Permission.POSITION_WRITE_OWN,
    }
)
"""Of these nobody has any use but for the crew that the account belongs to."""
_SEEING = frozenset(
    {
        Permission.INCIDENT_READ,
        Permission.CREW_READ,
        Permission.CLOSURE_READ,
        Permission.ZONE_READ,
        Permission.LAYER_READ,
    }
)
_LOOKING_BACK = frozenset(
    {
        Permission.REPLAY_READ,
        Permission.MEASURE_READ,
        Permission.SHIFT_READ,
        Permission.UNIT_READ,
    }
)
_DESK = _SEEING | {
    Permission.INCIDENT_WRITE,
    Permission.INCIDENT_CLOSE,
    Permission.CALLER_READ,
    Permission.CLOCK_WRITE,
    Permission.WEATHER_WRITE,
    Permission.ASSIGNMENT_SEND,
    Permission.ASSIGNMENT_INTERRUPT,
    Permission.ASSIGNMENT_ACT_ANY,
    Permission.CREW_DUTY_ANY,
    Permission.CLOSURE_WRITE,
    Permission.REPLAY_READ,
    Permission.EXPORT,
    Permission.SHIFT_READ,
    Permission.UNIT_READ,
    Permission.LENDING_ASK,
}
PERMISSIONS: Final[Mapping[str, frozenset[Permission]]] = {
    Role.CALL_TAKER: _SEEING | {Permission.INCIDENT_WRITE, Permission.CALLER_READ},
    Role.DISPATCHER: _DESK,
    Role.SUPERVISOR: _DESK
    | {
        Permission.READING_UNBLOCK,
        Permission.CALLERS_EXPORT,
        Permission.RULES_WRITE,
        Permission.RULES_APPROVE,
        Permission.SHIFT_WRITE,
        Permission.SHIFT_APPROVE,
        Permission.LENDING_APPROVE,
        Permission.MEASURE_READ,
        Permission.PLANNING_WRITE,
    },
    Role.CREW: OWN | {Permission.CLOSURE_READ},
    Role.PLANNER: _SEEING | _LOOKING_BACK | {Permission.PLANNING_WRITE},
    Role.MANAGER: _SEEING
    | _LOOKING_BACK
    | {Permission.PLANNING_WRITE, Permission.EXPORT, Permission.LENDING_APPROVE},
    Role.ADMINISTRATOR: frozenset(Permission) - OWN,
    Role.INTEGRATION: frozenset(
        {Permission.POSITION_WRITE_ANY, Permission.CREW_READ, Permission.CLOSURE_READ}
    ),
    Role.AUDITOR: frozenset({Permission.AUDIT_READ, Permission.AUDIT_EXPORT}),
}
"""What the shipped roles permit to begin with; the database's table says what they permit now."""


def shipped_permissions(roles: Iterable[str]) -> frozenset[str]:
    """Return what roles permit as shipped; a role that a company made permits nothing here."""
    return frozenset[str]().union(*(PERMISSIONS.get(role, frozenset()) for role in roles))


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program on whose behalf a request is made.

    Attributes
    ----------
    granted
        What the actor may do, as the roles stood when it was looked up. None for who comes without
        a look-up (the system itself, the command line): then the roles count as shipped.
    """

    account_id: int | None
    username: str
    display_name: str
    roles: frozenset[str]
    crew_id: int | None = None
    language: str | None = None
    granted: frozenset[str] | None = None
    scope: Scope = EVERYTHING
    """Whose rows are seen on its behalf."""

    @property
    def permissions(self) -> frozenset[str]:
        """Return everything that the actor may do."""
        return shipped_permissions(self.roles) if self.granted is None else self.granted

    @property
    def unit_id(self) -> int | None:
        """The unit that it belongs to."""
        return self.scope.home

    def may(self, permission: str) -> bool:
        """Return whether the actor has a permission."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise `NotAllowed` unless the actor has a permission.

        Raises
        ------
        NotAllowed
            If it has not.
        """
        if not self.may(permission):
            message = N_("Your account may not do this (it needs the permission %(permission)s).")
            raise NotAllowed(message, {"permission": permission})


SYSTEM = Actor(None, "nearcrew", "Nearcrew", frozenset({Role.ADMINISTRATOR}))
