"""WebAuthn: what a browser and a security key are asked, and whether their answer holds.

Keys are bound to a host name: a page elsewhere that looks like ours gets no answer from them. So
there must be a name; addresses such as 192.0.2.7 have no security keys.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import generate_authentication_options
from webauthn import generate_registration_options
from webauthn import options_to_json
from webauthn import verify_authentication_response
from webauthn import verify_registration_response
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorSelectionCriteria
from webauthn.helpers.structs import PublicKeyCredentialDescriptor
from webauthn.helpers.structs import ResidentKeyRequirement

from dispatch.access.permissions import Actor
from dispatch.accounts.digests import digest
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.factors.code_rules import ISSUER
from dispatch.factors.models import KeyChallenge
from dispatch.factors.models import SecurityKey
from dispatch.factors.types import LONGEST_KEY_ANSWER
from dispatch.factors.types import AddSecurityKey

_CHALLENGE_BYTES: Final = 32
_CHALLENGE_LASTS: Final = timedelta(minutes=5)
MOST_KEYS: Final = 20


@dataclass(frozen=True, slots=True)
class Site:
    """Where a browser is: the host name that keys are bound to, and the page's origin."""

    host_name: str
    origin: str


def registration_options(
    session: Session, actor: Actor, site: Site, now: datetime, *, bound_to: str
) -> str:
    """Return what a browser is told to make a new key's credential, as JSON."""
    options = generate_registration_options(
        rp_id=site.host_name,
        rp_name=ISSUER,
        user_id=digest(f"security key {actor.account_id}").encode()[:64],
        user_name=actor.username,
        user_display_name=actor.display_name,
        challenge=_new_challenge(session, actor, now, bound_to),
        exclude_credentials=_descriptors(session, actor),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED
        ),
    )
    return options_to_json(options)


def add_key(
    session: Session,
    actor: Actor,
    site: Site,
    now: datetime,
    *,
    bound_to: str,
    wanted: AddSecurityKey,
) -> None:
    """Store a new key.

    Raises
    ------
    InvalidInput
        On ``credential``, if the browser's answer does not hold.
    """
    try:
        verified = verify_registration_response(
            credential=wanted.credential,
            expected_challenge=_used_challenge(session, actor, now, bound_to, wanted.credential),
            expected_rp_id=site.host_name,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError) as error:
        raise _not_taken() from error
    known = select(SecurityKey.id).where(SecurityKey.credential_id == verified.credential_id)
    mine = select(SecurityKey.id).where(SecurityKey.account_id == actor.account_id)
    if session.scalar(known) is not None or len(session.scalars(mine).all()) >= MOST_KEYS:
        raise _not_taken()
    session.execute(
        insert(SecurityKey).values(
            account_id=actor.account_id,
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            name=wanted.name,
            created_at=now,
        )
    )


def authentication_options(
    session: Session, actor: Actor, site: Site, now: datetime, *, bound_to: str
) -> str | None:
    """Return what a browser is told to have one of the account's keys sign; None without keys."""
    allowed = _descriptors(session, actor)
    if not allowed:
        return None
    options = generate_authentication_options(
        rp_id=site.host_name,
        challenge=_new_challenge(session, actor, now, bound_to),
        allow_credentials=allowed,
    )
    return options_to_json(options)


def is_signed(
    session: Session, actor: Actor, site: Site, now: datetime, *, bound_to: str, credential: str
) -> bool:
    """Return whether one of the account's keys has signed the challenge; it is over then."""
    try:
        key_id = base64url_to_bytes(str(_parsed(credential[:LONGEST_KEY_ANSWER])["id"]))
        query = select(SecurityKey).where(
            SecurityKey.account_id == actor.account_id, SecurityKey.credential_id == key_id
        )
        key = session.scalar(query.with_for_update())
        if key is None:
            return False
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=_used_challenge(session, actor, now, bound_to, credential),
            expected_rp_id=site.host_name,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, InvalidInput, ValueError, KeyError, TypeError, RecursionError):
        return False
    key.sign_count, key.used_at = verified.new_sign_count, now
    session.flush()
    return True


def _descriptors(session: Session, actor: Actor) -> list[PublicKeyCredentialDescriptor]:
    query = select(SecurityKey.credential_id).where(SecurityKey.account_id == actor.account_id)
    return [PublicKeyCredentialDescriptor(id=each) for each in session.scalars(query)]


def _new_challenge(session: Session, actor: Actor, now: datetime, bound_to: str) -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    mine = KeyChallenge.account_id == actor.account_id
    over = or_(KeyChallenge.expires_at < now, KeyChallenge.bound_to == bound_to)
    session.execute(delete(KeyChallenge).where(mine, over))
    session.execute(
        insert(KeyChallenge).values(
            challenge=challenge,
            account_id=actor.account_id,
            bound_to=bound_to,
            expires_at=now + _CHALLENGE_LASTS,
        )
    )
    return challenge


def _used_challenge(
    session: Session, actor: Actor, now: datetime, bound_to: str, credential: str
) -> bytes:
    """Return the challenge that an answer names, which is over with that.

    Raises
    ------
    InvalidInput
        If it is none of ours, or too old, or of another sign-in.
    """
    try:
        said = json.loads(base64url_to_bytes(_parsed(credential)["response"]["clientDataJSON"]))
        challenge = base64url_to_bytes(said["challenge"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _not_taken() from error
    used = delete(KeyChallenge).where(
        KeyChallenge.challenge == challenge,
        KeyChallenge.account_id == actor.account_id,
        KeyChallenge.bound_to == bound_to,
        KeyChallenge.expires_at > now,
    )
    if session.scalar(used.returning(KeyChallenge.challenge)) is None:
        raise _not_taken()
    return challenge


def _parsed(credential: str) -> Any:  # noqa: ANN401  (a stranger's JSON)
    return json.loads(credential)


def _not_taken() -> InvalidInput:
    return InvalidInput.one("credential", N_("the security key's answer does not hold; try again"))
