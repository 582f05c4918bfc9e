"""Roles: what is asked of them, and the answers as the API and the command line show them."""

from typing import Annotated
from typing import Any

from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.access.permissions import Permission
from dispatch.core.field_types import Id
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.writes.command import Command

RoleCode = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$"),
    Field(description="code of a role, such as dispatcher"),
]
Permissions = Annotated[
    tuple[Permission, ...],
    Field(description="everything that the role grants"),
]


class AddRole(Command):
    """A new role."""

    name_en: RequiredName
    name_zh: RequiredName
    permissions: Permissions
    code: Annotated[RoleCode | None, Field(description="made from the name if left out")] = None
    company_id: Annotated[
        Id | None, Field(description="the company that it is for; everywhere if left out")
    ] = None


class ChangeRolePermissions(Command):
    """What is to be changed of a role."""

    name_en: RequiredName | None = None
    name_zh: RequiredName | None = None
    permissions: Permissions | None = None


class RolePair(Command):
    """Two roles that one account may not have together."""

    role: RoleCode
    other: RoleCode


class SetExclusions(Command):
    """All pairs of roles that exclude each other; pairs that are not named may go together."""

    pairs: Annotated[tuple[RolePair, ...], Field(max_length=200)]


class DemandSeparation(Command):
    """Whether a matter needs two people."""

    demanded: bool


class RuleChangeListQuery(ListQuery):
    """Which changes of rules."""


@with_config(ConfigDict(extra="forbid", title="RuleChange"))
class RuleChangeAnswer(TypedDict):
    """A change of rules that waits for approval."""

    id: int
    what: str
    target: str | None
    command: dict[str, Any]
    entered_by: str
    entered_at: InstantText


@with_config(ConfigDict(extra="forbid", title="RuleChanges"))
class RuleChangesAnswer(TypedDict):
    """Changes of rules that wait, the newest first."""

    changes: list[RuleChangeAnswer]
    total: int


@with_config(ConfigDict(extra="forbid", title="Role"))
class RoleAnswer(TypedDict):
    """A role and what it grants."""

    code: str
    name_en: str
    name_zh: str
    shipped: bool
    company_id: int | None
    permissions: list[str]
    accounts: int
    """How many accounts that are not disabled have it."""
    editable: bool
    """Whether whoever asks may change it."""


@with_config(ConfigDict(extra="forbid", title="Roles"))
class RolesAnswer(TypedDict):
    """All roles that can be given: the shipped ones first, then by name."""

    roles: list[RoleAnswer]


@with_config(ConfigDict(extra="forbid", title="RolePairAnswer"))
class RolePairAnswer(TypedDict):
    """Two roles that one account may not have together."""

    role: str
    other: str


@with_config(ConfigDict(extra="forbid", title="SeparatedMatter"))
class SeparationAnswer(TypedDict):
    """A matter that may need two people."""

    matter: str
    enters: str
    approves: str
    demanded: bool


@with_config(ConfigDict(extra="forbid", title="Duties"))
class DutiesAnswer(TypedDict):
    """What must not be in one hand."""

    exclusions: list[RolePairAnswer]
    separations: list[SeparationAnswer]


@with_config(ConfigDict(extra="forbid", title="PermissionWords"))
class PermissionWordsAnswer(TypedDict):
    """A permission in a sentence, in the language of the request."""

    permission: str
    sentence: str


@with_config(ConfigDict(extra="forbid", title="PermissionSubject"))
class PermissionSubjectAnswer(TypedDict):
    """Permissions that belong together."""

    code: str
    label: str
    permissions: list[PermissionWordsAnswer]


@with_config(ConfigDict(extra="forbid", title="PermissionSubjects"))
class PermissionSubjectsAnswer(TypedDict):
    """All permissions by subject."""

    subjects: list[PermissionSubjectAnswer]
