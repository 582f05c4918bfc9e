"""Tokens for programs, and who is asking."""

from flask import Response
from flask import request

from dispatch.accounts.origins import Origin
from dispatch.accounts.types import MeAnswer
from dispatch.accounts.types import SignIn
from dispatch.accounts.types import TokenAnswer
from webconsole.access.devices import agent_of
from webconsole.access.sessions import bearer_token
from webconsole.access.sessions import sign_out
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.openapi import OPEN
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import SIGNED_IN

access = Area("access", __name__, url_prefix="/api/v1", tag="Access")


@access.post("/login", needs=ANYBODY)
@access.input(SignIn, arg_name="body")
@access.output(described(TokenAnswer))
@access.doc(
    security=OPEN,
    responses={
        401: "sign_in_refused, factor_needed, wrong_code, factor_enrolment_needed or"
        " password_change_needed",
        429: "Too many attempts",
    },
)
def login(body: SignIn) -> Response:
    """Exchange a user name and a password for a bearer token that expires.

    Where a second factor is needed the answer is ``factor_needed``: send ``code`` as well.
    """
    origin = Origin(request.remote_addr or "", agent=agent_of(request))
    return answer(services().sign_in_steps.token_for(body, origin))


@access.post("/logout", needs=SIGNED_IN)
@access.output({}, 204)
def logout() -> Response:
    """End what this request came with: the token is revoked, or the session closed."""
    token = bearer_token(request)
    if token is None:
        sign_out()
    else:
        services().accounts.revoke_token(token)
    return Response(status=204)


@access.get("/me", needs=SIGNED_IN)
@access.output(described(MeAnswer))
def me() -> Response:
    """Show who is asking."""
    asking = actor()
    shown: MeAnswer = {
        "username": asking.username,
        "display_name": asking.display_name,
        "roles": sorted(asking.roles),
        "crew_id": asking.crew_id,
    }
    return answer(shown)
