"""Accounts: what is asked of them, and the answers as the API and the command line show them."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.accounts.passwords import NewPassword
from dispatch.core.field_types import Id
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.roles.types import RoleCode
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


class NewAccount(Command):
    """A new account, however its password comes to it."""

    username: RequiredName
    roles: Annotated[tuple[RoleCode, ...], Field(min_length=1)]
    display_name: Annotated[
        Name | None, Field(description="shown to others; the user name when not given")
    ] = None
    crew_id: Annotated[Id | None, Field(description="the crew that it belongs to")] = None
    unit_id: Annotated[
        Id | None,
        Field(description="the unit that it belongs to: its crew's, else that of whoever adds it"),
    ] = None
    language: Annotated[Literal["zh", "en"] | None, Field(description="of the pages")] = None


class CreateAccount(NewAccount):
    """A new account with a password."""

    password: NewPassword


class SignIn(Command):
    """A user name and a password, and a code where a second factor is needed."""

    username: Name
    password: Annotated[str, StringConstraints(max_length=1000)] = Field(repr=False)
    code: Annotated[
        str | None,
        StringConstraints(max_length=100),
        Field(repr=False, description="of the authenticator app, or a recovery code"),
    ] = None


@with_config(_ANSWER)
class TokenAnswer(TypedDict):
    """A bearer token."""

    token: str
    expires_at: InstantText


@with_config(_ANSWER)
class AccountAnswer(TypedDict):
    """An account, without its secrets."""

    id: int
    username: str
    display_name: str
    roles: list[str]
    crew_id: int | None
    disabled: bool
    seen_at: InstantText | None
    """When it was last active, by the sign-ins that have not expired."""


@with_config(_ANSWER)
class AccountsAnswer(TypedDict):
    """All accounts by user name."""

    accounts: list[AccountAnswer]


@with_config(_ANSWER)
class MeAnswer(TypedDict):
    """Who is asking."""

    username: str
    display_name: str
    roles: list[str]
    crew_id: int | None
