"""People's accounts: what administrators ask of them, and the answers."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.access.permissions import Permission
from dispatch.accounts.passwords import NewPassword
from dispatch.accounts.types import NewAccount
from dispatch.core.bulk import BulkIds
from dispatch.core.field_types import Id
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.roles.types import RoleCode
from dispatch.writes.command import Command

MOST_TOKEN_DAYS = 730
_ANSWER = ConfigDict(extra="forbid")


class SendTo(Command):
    """Where a link is sent: an address on one of the gateways."""

    gateway_id: Id
    address: RequiredName


class InviteAccount(NewAccount):
    """A new account whose owner chooses the password, by a link."""

    send_to: SendTo | None = None


class SendLink(Command):
    """A link is made, and sent where it is said."""

    send_to: SendTo | None = None


class ChoosePassword(Command):
    """The password that the owner of an account chose."""

    password: NewPassword


class IssueToken(Command):
    """A token for a program."""

    name: RequiredName
    scopes: Annotated[
        tuple[Permission, ...] | None,
        Field(min_length=1, description="of the account's permissions; all of them if left out"),
    ] = None
    valid_days: Annotated[int, Field(ge=1, le=MOST_TOKEN_DAYS)] = 90


@with_config(ConfigDict(extra="forbid", title="Link"))
class LinkAnswer(TypedDict):
    """A link by which a password is chosen; its secret is shown this once."""

    account_id: int
    username: str
    secret: str | None
    """None if it is sent by a gateway: then only who gets it knows it."""
    expires_at: InstantText


@with_config(_ANSWER)
class LinkedAccountAnswer(TypedDict):
    """Whose link it is, and what for."""

    username: str
    display_name: str
    purpose: str


@with_config(ConfigDict(extra="forbid", title="OpenSignIn"))
class OpenSignInAnswer(TypedDict):
    """A session or token."""

    id: int
    kind: str
    name: str | None
    device: str
    """Browser and system, or a program's name; empty if it did not say."""
    address: str | None
    """The network from which it was begun."""
    scopes: list[str] | None
    created_at: InstantText
    seen_at: InstantText
    expires_at: InstantText
    current: bool
    """Whether this is asked by it."""


@with_config(ConfigDict(extra="forbid", title="SignIns"))
class SignInsAnswer(TypedDict):
    """Sessions and tokens that have not expired, the last seen first."""

    sign_ins: list[OpenSignInAnswer]


@with_config(_ANSWER)
class IssuedTokenAnswer(TypedDict):
    """A new token, shown this once."""

    id: int
    token: str
    expires_at: InstantText


@with_config(ConfigDict(extra="forbid", title="ProgramToken"))
class ProgramTokenAnswer(TypedDict):
    """A program's token, without its secret."""

    id: int
    name: str
    account_id: int
    username: str
    display_name: str
    scopes: list[str] | None
    made_by: str | None
    created_at: InstantText
    used_at: InstantText | None
    expires_at: InstantText


@with_config(ConfigDict(extra="forbid", title="ProgramTokens"))
class ProgramTokensAnswer(TypedDict):
    """Tokens of programs by name."""

    tokens: list[ProgramTokenAnswer]
    total: int


class ChangeRoles(Command):
    """What an account is for from now on."""

    roles: Annotated[tuple[RoleCode, ...], Field(min_length=1)]
    crew_id: Annotated[
        Id | None, Field(description="the crew that it belongs to; a crew's account may keep its")
    ] = None


class MoveAccount(Command):
    """The unit that an account belongs to from now on."""

    unit_id: Id


class BulkAction(StrEnum):
    """What is done with many accounts at once."""

    DISABLE = "disable"
    ENABLE = "enable"
    SIGN_OUT = "sign_out"
    GIVE_ROLE = "give_role"
    TAKE_ROLE = "take_role"
    MOVE = "move"


class ChangeAccounts(Command):
    """One change to many accounts."""

    ids: BulkIds
    action: BulkAction
    role: Annotated[RoleCode | None, Field(description="that is given or taken")] = None
    unit_id: Annotated[Id | None, Field(description="where they are moved")] = None


class UserListQuery(ListQuery):
    """Which accounts."""

    role: RoleCode | None = None
    unit_id: Annotated[Id | None, Field(description="of this unit and those below it")] = None
    disabled: bool | None = None
    has_password: bool | None = None


class TokenListQuery(ListQuery):
    """Which tokens of programs."""


class SetPassword(Command):
    """A new password, which its owner replaces at the next sign-in."""

    password: NewPassword
    must_change: Annotated[
        bool, Field(description="whether another one has to be chosen at the next sign-in")
    ] = True


class RenameAccount(Command):
    """A new user name, and perhaps another name shown to others."""

    username: RequiredName
    display_name: RequiredName | None = None


@with_config(ConfigDict(extra="forbid", title="OpenLink"))
class OpenLinkAnswer(TypedDict):
    """A link that was made for an account and has not been used."""

    purpose: str
    expires_at: InstantText
    created_by: str
    address: str | None
    """Where it is sent; None if whoever made it passes it on."""
    sent_at: InstantText | None
    failure: str | None


@with_config(ConfigDict(extra="forbid", title="User"))
class UserAnswer(TypedDict):
    """An account as administrators see it."""

    id: int
    username: str
    display_name: str
    roles: list[str]
    crew_id: int | None
    crew_name: str | None
    unit_id: int
    unit_name: str | None
    language: str | None
    disabled: bool
    has_password: bool
    """False until whoever was invited has chosen one."""
    link: OpenLinkAnswer | None
    created_at: InstantText
    seen_at: InstantText | None
    """When it was last active, by the sign-ins that have not expired."""


@with_config(ConfigDict(extra="forbid", title="Users"))
class UsersAnswer(TypedDict):
    """Accounts, by user name; all unless a page was asked for."""

    accounts: list[UserAnswer]
    total: int


@with_config(ConfigDict(extra="forbid", title="GrantedPermission"))
class GrantedAnswer(TypedDict):
    """A permission of an account, and the roles through which it has it."""

    permission: str
    roles: list[str]


@with_config(ConfigDict(extra="forbid", title="Access"))
class AccessAnswer(TypedDict):
    """What an account may do."""

    account_id: int
    username: str
    disabled: bool
    permissions: list[GrantedAnswer]
