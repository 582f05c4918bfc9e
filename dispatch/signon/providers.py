"""The OpenID Connect providers through which people may sign in: a TOML file names them.

``docs/sign-in.md`` shows one. What a provider says of a person counts only as far as the file lets
it: a claim gives a role or a unit if the file names both.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from typing import Final
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import SecretStr
from pydantic import StringConstraints
from pydantic import ValidationError

from dispatch.access.permissions import Role
from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import field_errors
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import RequiredName
from dispatch.roles.types import RoleCode

VARIABLE: Final = "NEARCREW_SIGNON"
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NOT_A_CREW = N_("a crew's account belongs to a crew: invite its people instead")


def _issuer(url: str) -> str:
    """Refuse issuers whose answers somebody on the way could write."""
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment:
        raise in_own_words(N_("is no address such as https://id.example.com"))
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise in_own_words(N_("must begin with https://"))
    return url.rstrip("/") if parts.path == "/" else url


def _not_a_crew(role: str) -> str:
    if role == Role.CREW:
        raise in_own_words(_NOT_A_CREW)
    return role


_GivenRole = Annotated[RoleCode, AfterValidator(_not_a_crew)]
_Claim = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Provider(BaseModel):
    """One provider, and what its word counts for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """Part of the addresses that the provider sends people back to."""
    name: RequiredName
    """On the button of the sign-in page."""
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    client_secret_file: Path
    scopes: tuple[str, ...] = ("openid", "profile")
    username_claim: _Claim = "preferred_username"
    name_claim: _Claim = "name"
    create: bool = False
    """Whether whoever the provider knows gets an account; otherwise only who is invited."""
    roles_claim: _Claim | None = None
    roles: Mapping[str, _GivenRole] = {}
    """Which role a value of the claim gives; other values give none."""
    default_roles: tuple[_GivenRole, ...] = ()
    """What a new account is for whatever the claim says."""
    follow_roles: bool = False
    """Whether an account's roles follow the claim at every sign-on, not only when it is made."""
    units_claim: _Claim | None = None
    units: Mapping[str, str] = {}
    """Code of the unit that a value of the claim puts a new account into."""
    second_factor: Literal["provider", "here"] = "provider"
    """Who sees to the second factor that a role demands."""
    client_secret: SecretStr = Field(SecretStr(""), exclude=True)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: tuple[Provider, ...] = ()


def read_providers(path: Path | None) -> tuple[Provider, ...]:
    """Return the providers that a file names; none without a file.

    Raises
    ------
    InvalidInput
        Naming what is wrong with it.
    """
    if path is None:
        return ()
    try:
        found = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).provider
    except OSError as error:
        raise _refused(N_("cannot be read: %(reason)s"), reason=error.strerror) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(N_("is no TOML file: %(reason)s"), reason=error) from None
    except ValidationError as error:
        raise InvalidInput(
            [
                FieldError(f"{VARIABLE} {each.field}", each.msgid, each.params)
                for each in field_errors(error)
            ]
        ) from None
    if len({each.id for each in found}) < len(found):
        raise _refused(N_("names two providers with the same id"))
    return tuple(_with_secret(each) for each in found)


def _with_secret(provider: Provider) -> Provider:
    try:
        secret = provider.client_secret_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        sentence = N_("the secret of %(provider)s cannot be read from %(path)s")
        path = provider.client_secret_file
        raise _refused(sentence, provider=provider.id, path=path) from None
    return provider.model_copy(update={"client_secret": SecretStr(secret)})


def _refused(sentence: str, **params: object) -> InvalidInput:
    return InvalidInput.one(VARIABLE, sentence, **params)
