"""Tokens for programs, and who is asking."""

from flask import Response
from flask import request

from webconsole.access.sessions import bearer_token
from webconsole.access.sessions import sign_out
from webconsole.platform import answers
from webconsole.platform import requests
from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

access = Area("access", __name__, url_prefix="/api/v1", tag="Access")


@access.post("/login")
@access.input(requests.SignIn, arg_name="body")
@access.output(answers.Token)
def login(body: requests.SignIn) -> Response:
    """Exchange a user name and a password for a bearer token that expires."""
    accounts = services().accounts
    return answer(accounts.issue_token(accounts.authenticate(body.username, body.password)))


@access.post("/logout")
@access.output(answers.Answer, 204)
def logout() -> Response:
    """End what this request came with: the token is revoked, or the session closed."""
    token = bearer_token(request)
    if token is None:
        sign_out()
    else:
        services().accounts.revoke_token(token)
    return Response(status=204)


@access.get("/me")
@access.output(answers.Me)
def me() -> Response:
    """Show who is asking."""
    asking = actor()
    return answer(
        {
            "username": asking.username,
            "display_name": asking.display_name,
            "roles": sorted(asking.roles),
            "crew_id": asking.crew_id,
        }
    )
