"""Where one is signed in, and where others are; programs' tokens."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.people.types import IssuedTokenAnswer
from dispatch.people.types import IssueToken
from dispatch.people.types import ProgramTokensAnswer
from dispatch.people.types import SignInsAnswer
from dispatch.people.types import TokenListQuery
from webconsole.access.sessions import current_secret
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import SIGNED_IN

sign_ins = Area("sign_ins", __name__, url_prefix="/api/v1", tag="Sign-ins")
TOKENS = (Permission.TOKEN_WRITE,)


@sign_ins.get("/me/sign-ins", needs=SIGNED_IN)
@sign_ins.output(described(SignInsAnswer))
def own_sign_ins() -> Response:
    """List the sessions and tokens of whoever asks."""
    return answer(services().sign_ins.own(actor(), current_secret()))


@sign_ins.delete("/me/sign-ins/<int:sign_in_id>", needs=SIGNED_IN)
@sign_ins.output({}, 204)
def end_own_sign_in(sign_in_id: int) -> Response:
    """End one of one's own sessions or tokens."""
    services().sign_ins.end_own(actor(), sign_in_id)
    return Response(status=204)


@sign_ins.post("/me/sign-ins/end-others", needs=SIGNED_IN)
@sign_ins.output({}, 204)
def end_other_sign_ins() -> Response:
    """End all of one's own but the one by which this is asked; named tokens stay."""
    services().sign_ins.end_others(actor(), current_secret())
    return Response(status=204)


@sign_ins.get("/accounts/<int:account_id>/sign-ins", needs=(Permission.ACCOUNT_READ,))
@sign_ins.output(described(SignInsAnswer))
def sign_ins_of(account_id: int) -> Response:
    """List the sessions and tokens of an account."""
    return answer(services().sign_ins.of(actor(), account_id))


@sign_ins.delete(
    "/accounts/<int:account_id>/sign-ins/<int:sign_in_id>", needs=(Permission.ACCOUNT_WRITE,)
)
@sign_ins.output({}, 204)
def end_sign_in(account_id: int, sign_in_id: int) -> Response:
    """End one session or token of an account."""
    services().sign_ins.end(actor(), account_id, sign_in_id)
    return Response(status=204)


@sign_ins.post("/accounts/<int:account_id>/tokens", needs=TOKENS)
@sign_ins.input(IssueToken, arg_name="body")
@sign_ins.output(described(IssuedTokenAnswer), 201)
@sign_ins.doc(responses={409: "account_disabled"})
def issue_token(account_id: int, body: IssueToken) -> Response:
    """Make a token for a program, on its account or on one's own; it is shown this once."""
    return answer(services().tokens.issue(actor(), account_id, body), 201)


@sign_ins.get("/tokens", needs=TOKENS)
@sign_ins.input(TokenListQuery, location="query", arg_name="query")
@sign_ins.output(described(ProgramTokensAnswer))
def list_tokens(query: TokenListQuery) -> Response:
    """List the tokens of programs, without their secrets."""
    return answer(services().tokens.list(actor(), query))


@sign_ins.delete("/tokens/<int:token_id>", needs=TOKENS)
@sign_ins.output({}, 204)
def revoke_token(token_id: int) -> Response:
    """Revoke a program's token."""
    services().tokens.revoke(actor(), token_id)
    return Response(status=204)
