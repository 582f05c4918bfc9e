"""Second factors: what is asked, and the answers as pages, API and command line show them."""

from typing import Annotated
from typing import Final
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.accounts.passwords import NewPassword
from dispatch.core.field_types import Instant
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.roles.types import RoleCode
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")
LONGEST_KEY_ANSWER: Final = 20_000


class SetFactorRule(Command):
    """Whether whoever has a role must have a second factor."""

    required: bool
    grace_until: Annotated[
        Instant | None, Field(description="until then setting one up may be put off")
    ] = None


@with_config(_ANSWER)
class FactorRuleAnswer(TypedDict):
    """What is demanded of a role, and how many of those who have it fulfil it."""

    role: str
    required: bool
    grace_until: InstantText | None
    accounts: int
    """Accounts with this role that are not disabled."""
    with_factor: int
    """Those of them that have a second factor."""


@with_config(_ANSWER)
class FactorRulesAnswer(TypedDict):
    """The rules of all roles."""

    rules: list[FactorRuleAnswer]


@with_config(_ANSWER)
class SecurityKeyAnswer(TypedDict):
    """A security key, by the name that its owner gave it."""

    id: int
    name: str
    created_at: InstantText
    used_at: InstantText | None


@with_config(_ANSWER)
class FactorsAnswer(TypedDict):
    """The second factors of an account."""

    username: str
    app_since: InstantText | None
    """Since when an authenticator app is in use."""
    security_keys: list[SecurityKeyAnswer]
    recovery_codes: int
    """Those that were not used yet."""
    required: bool
    """Whether one of its roles demands a second factor."""
    must_change_password: bool


class FactorListQuery(ListQuery):
    """Which accounts."""

    role: RoleCode | None = None
    has_factor: bool | None = None
    required: Annotated[bool | None, Field(description="whether a role demands one")] = None


@with_config(_ANSWER)
class AccountFactorsAnswer(TypedDict):
    """An account in the list of who has a second factor."""

    id: int
    username: str
    display_name: str
    roles: list[str]
    app_since: InstantText | None
    """Since when an authenticator app is in use."""
    security_keys: int
    recovery_codes: int
    """Those that were not used yet."""
    required: bool
    """Whether one of its roles demands a second factor."""


@with_config(_ANSWER)
class FactorListAnswer(TypedDict):
    """Accounts that are not disabled, with their second factors."""

    accounts: list[AccountFactorsAnswer]
    total: int
    """Of all pages."""


class ReplacePassword(Command):
    """A new password in place of one that an administrator knows."""

    new_password: NewPassword


class ChangeOwnPassword(ReplacePassword):
    """The present password and a new one."""

    password: Annotated[str, StringConstraints(max_length=1000)] = Field(repr=False)


class SetLanguage(Command):
    """The language of the pages."""

    language: Literal["zh", "en"]


class AddSecurityKey(Command):
    """A security key's name, and the browser's answer as it came."""

    name: RequiredName
    credential: Annotated[str, StringConstraints(max_length=LONGEST_KEY_ANSWER)]
