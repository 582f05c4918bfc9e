"""Which accounts belong to people at a provider, and who is invited."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.signon.types import InviteToSignOn
from dispatch.signon.types import ProvidersAnswer
from dispatch.signon.types import SignOnsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

sign_ons = Area("sign_ons", __name__, url_prefix="/api/v1", tag="Sign-on")
_NEEDS = (Permission.ACCOUNT_WRITE,)


@sign_ons.get("/sign-ons", needs=(Permission.ACCOUNT_READ,))
@sign_ons.output(described(SignOnsAnswer))
def list_sign_ons() -> Response:
    """List the accounts that are linked to a person at a provider, or wait for one."""
    return answer(services().sign_on_invitations.list(actor()))


@sign_ons.get("/sign-on-providers", needs=(Permission.ACCOUNT_READ,))
@sign_ons.output(described(ProvidersAnswer))
def list_providers() -> Response:
    """List the providers that are configured, without their secrets."""
    return answer(services().sign_on_invitations.providers(actor()))


@sign_ons.put("/accounts/<int:account_id>/sign-on", needs=_NEEDS)
@sign_ons.input(InviteToSignOn, arg_name="body")
@sign_ons.output({}, 204)
def invite(account_id: int, body: InviteToSignOn) -> Response:
    """Let an account be that of the person whom a provider knows by a user name."""
    services().sign_on_invitations.invite(actor(), account_id, body)
    return Response(status=204)


@sign_ons.delete("/accounts/<int:account_id>/sign-on/<provider>", needs=_NEEDS)
@sign_ons.output({}, 204)
def unlink(account_id: int, provider: str) -> Response:
    """Forget that an account belongs to a person at a provider."""
    services().sign_on_invitations.unlink(actor(), account_id, provider)
    return Response(status=204)
