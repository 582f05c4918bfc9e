"""What a provider says of a person, as far as its file lets it count. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter
from pydantic import ValidationError

from dispatch.core.errors import N_
from dispatch.core.errors import NotSignedIn
from dispatch.core.field_types import RequiredName
from dispatch.signon.providers import Provider

_NAME: TypeAdapter[str] = TypeAdapter(RequiredName)
_LONGEST_SUBJECT = 255  # OpenID Connect Core, 2


class SignOnRefused(NotSignedIn):
    """The provider's word is not enough, or nobody here belongs to it."""

    code = "sign_on_refused"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a provider vouches for them."""

    subject: str
    username: str
    display_name: str
    roles: frozenset[str]
    unit_code: str | None


def person_of(provider: Provider, claims: Mapping[str, object]) -> Person:
    """Return whom verified claims are about.

    Raises
    ------
    SignOnRefused
        If they do not say who it is.
    """
    subject, username = claims.get("sub"), claims.get(provider.username_claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise _nameless(provider)
    try:
        username = _NAME.validate_python(username, strict=True)
    except ValidationError:
        raise _nameless(provider) from None
    try:
        shown = _NAME.validate_python(claims.get(provider.name_claim), strict=True)
    except ValidationError:
        shown = username
    given = {provider.roles[each] for each in _values(claims, provider.roles_claim, provider.roles)}
    units = _values(claims, provider.units_claim, provider.units)
    return Person(
        subject=subject,
        username=username,
        display_name=shown,
        roles=frozenset({*given, *provider.default_roles}),
        unit_code=provider.units[units[0]] if units else None,
    )


def _values(
    claims: Mapping[str, object], claim: str | None, allowed: Mapping[str, object]
) -> list[str]:
    """Return the values of a claim that the file names; a single one may stand without a list."""
    said = claims.get(claim) if claim is not None else None
    listed = said if isinstance(said, list) else [said]
    return [each for each in listed if isinstance(each, str) and each in allowed]


def _nameless(provider: Provider) -> SignOnRefused:
    message = N_("%(provider)s does not say who you are (it needs the claim %(claim)s).")
    return SignOnRefused(message, {"provider": provider.name, "claim": provider.username_claim})
