"""What a request carries: the services it may call and the actor who asks.

Handlers take both from here, never from the application object, so that everything a handler can
reach is named in this one module.
"""

from typing import TYPE_CHECKING
from typing import cast

from flask import Flask
from flask import g

from dispatch.core import scope
from dispatch.core.errors import N_
from dispatch.core.errors import NotSignedIn

if TYPE_CHECKING:
    from dispatch.access.permissions import Actor
    from dispatch.bootstrap import Services


def carry(app: Flask, services: "Services") -> None:
    """Give every request of this application its services."""

    def remember_services() -> None:
        g.services = services
        # Whoever is not known yet sees nobody's rows.
        g.leave_scope = scope.enter(scope.NOTHING)

    def leave_scope(_error: BaseException | None) -> None:
        leave = g.pop("leave_scope", None)
        if leave is not None:
            leave()

    app.before_request(remember_services)
    app.teardown_request(leave_scope)


def services() -> "Services":
    """Return the services of the job."""
    return cast("Services", g.services)


def set_actor(actor: "Actor | None", *, by_token: bool) -> None:
    """Note who asks, and whether a token (not a cookie) said so; from here on its scope holds."""
    g.actor = actor
    g.by_token = by_token
    scope.change(scope.NOTHING if actor is None else actor.scope)


def see_as(found: scope.Scope) -> None:
    """Have the rest of a request, which nobody is signed in for, see what is concerned by it."""
    scope.change(found)


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
