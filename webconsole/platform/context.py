"""What a request carries: the services it may call and the actor who asks.

Handlers take both from here, never from the application object, so that everything a handler can
reach is named in this one module.
"""

from typing import TYPE_CHECKING
from typing import cast

from flask import Flask
from flask import g

from dispatch.core.errors import N_
from dispatch.core.errors import NotSignedIn

if TYPE_CHECKING:
    from dispatch.access.permissions import Actor
    from dispatch.bootstrap import Services


def carry(app: Flask, services: "Services") -> None:
    """Give every request of this application its services."""

    def remember_services() -> None:
        g.services = services

    app.before_request(remember_services)


def services() -> "Services":
    """Return the services of the job."""
    return cast("Services", g.services)


def set_actor(actor: "Actor | None", *, by_token: bool) -> None:
    """Note who asks, and whether a token (not a cookie) said so."""
    g.actor = actor
    g.by_token = by_token


def asking() -> "Actor | None":
    """Return who asks, or None when nobody is signed in."""
    return cast("Actor | None", g.get("actor"))


def by_token() -> bool:
    """Tell whether the request proved itself with a bearer token."""
    return bool(g.get("by_token", False))


def actor() -> "Actor":
    """Return who asks.

    Raises
    ------
    NotSignedIn
        If nobody is signed in.
    """
    found = asking()
    if found is None:
        raise NotSignedIn(NOT_SIGNED_IN)
    return found


NOT_SIGNED_IN = N_("You are not signed in, or your session has ended.")
