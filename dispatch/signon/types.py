"""Sign-on: what is asked, and the answers as API and command line show them."""

from pydantic import ConfigDict
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


class InviteToSignOn(Command):
    """The account waits for the person whom the provider knows by this user name."""

    provider: RequiredName
    claimed_name: RequiredName


@with_config(_ANSWER)
class SignOnAnswer(TypedDict):
    """An account and a provider: linked, or waiting for the first sign-on."""

    account_id: int
    username: str
    display_name: str
    provider: str
    """The id of a provider that is configured, otherwise the issuer."""
    claimed_name: str | None
    """The name that an invitation waits for; None once it is linked."""
    linked_at: InstantText | None
    seen_at: InstantText | None


@with_config(_ANSWER)
class SignOnsAnswer(TypedDict):
    """All links and invitations, by user name."""

    sign_ons: list[SignOnAnswer]


@with_config(_ANSWER)
class ProviderAnswer(TypedDict):
    """A provider as the file names it, without its secret."""

    id: str
    name: str
    issuer: str
    client_id: str
    create: bool
    """Whether whoever the provider knows gets an account."""
    follow_roles: bool
    roles: dict[str, str]
    """Which role a value of the claim gives."""
    second_factor: str
    linked: int
    """Accounts that belong to somebody there."""
    waiting: int
    """Accounts that wait for their first sign-on."""


@with_config(_ANSWER)
class ProvidersAnswer(TypedDict):
    """All providers, in the file's order."""

    providers: list[ProviderAnswer]
