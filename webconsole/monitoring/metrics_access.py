"""Who may read the metrics: a program with their own token, or one on this machine.

They name every route and how often it is used, how many fixes come in and how many people look on:
nothing personal, and nothing for strangers. Prometheus knows a fixed token, but cannot sign in.
"""

import ipaddress
import secrets

from flask import Request
from pydantic import SecretStr

from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotSignedIn

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def require(asked: Request, token: SecretStr | None, *, behind_proxies: bool) -> None:
    """Refuse whoever may not read the metrics.

    Parameters
    ----------
    asked
        The request.
    token
        The one that is set; None opens the door to this machine, and to no other.
    behind_proxies
        Whether proxies are trusted, so that the request's address is its sender's. Where they
        are not, a request that was forwarded comes from anywhere, whatever its address.

    Raises
    ------
    NotSignedIn
        If a token is set and the request brings none or another.
    NotAllowed
        If none is set and the request comes from elsewhere.
    """
    if token is not None:
        scheme, _, brought = asked.headers.get("Authorization", "").partition(" ")
        right = token.get_secret_value().encode()
        same = secrets.compare_digest(brought.strip().encode("utf-8", "surrogatepass"), right)
        if scheme.lower() != "bearer" or not same:
            message = N_("The metrics want the token that is set for them.")
            raise NotSignedIn(message)
        return
    forwarded = not behind_proxies and any(name in asked.headers for name in _FORWARDED)
    if forwarded or not _is_this_machine(asked.remote_addr):
        message = N_("The metrics are shown on this machine only, unless a token is set for them.")
        raise NotAllowed(message)


def _is_this_machine(address: str | None) -> bool:
    try:
        read = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = read.ipv4_mapped if isinstance(read, ipaddress.IPv6Address) else None
    return (mapped or read).is_loopback
