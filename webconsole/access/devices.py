"""The cookie by which a device is known to the accounts that were signed in on it.

It signs nobody in: it only spares who has the right password the waits that strangers, guessing
elsewhere, have caused for the account. It says nothing of its holder; which accounts know it is
stored on our side, and forgotten when a password is changed.
"""

import secrets

from flask import Request
from werkzeug.wrappers import Response

from dispatch.accounts.models import KNOWN_FOR
from dispatch.accounts.origins import Origin

COOKIE = "nearcrew_device"
_SECRET_BYTES = 32
_LONGEST = 100
_LONGEST_AGENT = 300


def origin_of(asked: Request) -> Origin:
    """Return where a sign-in comes from, with a new secret for a device that has none yet."""
    kept = asked.cookies.get(COOKIE, "")
    secret = kept if 0 < len(kept) <= _LONGEST else secrets.token_urlsafe(_SECRET_BYTES)
    return Origin(asked.remote_addr or "", secret, agent_of(asked))


def agent_of(asked: Request) -> str:
    """Return how a browser or program names itself, cut to what is kept."""
    return asked.headers.get("User-Agent", "")[:_LONGEST_AGENT]


def remember(answer: Response, asked: Request, origin: Origin) -> None:
    """Give a device its cookie, or let it keep it for longer."""
    answer.set_cookie(
        COOKIE,
        origin.device or "",
        max_age=KNOWN_FOR,
        path="/sign-in",
        secure=asked.is_secure,
        httponly=True,
        samesite="Lax",
    )
