"""Accounts: what is asked of them, and the answers as the API and the command line show them."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.access.permissions import Role
from dispatch.accounts.passwords import NewPassword
from dispatch.core.field_types import Id
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


class CreateAccount(Command):
    """A new account."""

    username: RequiredName
    password: NewPassword
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    display_name: Annotated[
        Name | None, Field(description="shown to others; the user name when not given")
    ] = None
    crew_id: Annotated[Id | None, Field(description="the crew that it belongs to")] = None
    language: Annotated[Literal["zh", "en"] | None, Field(description="of the pages")] = None


class ChangeRoles(Command):
    """What an account is for from now on."""

    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    crew_id: Annotated[
        Id | None, Field(description="the crew that it belongs to; a crew's account may keep its")
    ] = None


class SetPassword(Command):
    """A new password."""

    password: NewPassword


class RenameAccount(Command):
    """A new user name, and perhaps another name shown to others."""

    username: RequiredName
    display_name: RequiredName | None = None


class SignIn(Command):
    """A user name and a password."""

    username: Name
    password: Annotated[str, StringConstraints(max_length=1000)] = Field(repr=False)


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
