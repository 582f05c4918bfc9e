"""To a provider and back: authorization code with PKCE, state and nonce; then a session.

The way begins with a link, not a form: our pages may send forms to ourselves only. Whatever goes
wrong leads to the sign-in page, which says it and still takes a password.
"""

import logging
from typing import Any
from typing import Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from flask import Response
from flask import redirect
from flask import request
from flask import session
from flask import url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response as BaseResponse

from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.signon.claim_rules import SignOnRefused
from dispatch.signon.providers import Provider
from dispatch.signon.service import SignOnService
from webconsole.access import attempts
from webconsole.access import devices
from webconsole.access import sessions
from webconsole.access.redirects import own_path
from webconsole.board.pages import sign_in_page
from webconsole.platform import problems
from webconsole.platform.context import services
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages

LOG = logging.getLogger(__name__)
PATIENCE_S: Final = 3
"""How long a provider may take for each answer: somebody waits at the sign-in page."""
LEEWAY_S: Final = 60
"""How far a provider's clock may be from ours."""
_NEXT: Final = "sign_on_next"
_DEAD = N_("%(provider)s does not answer. Sign in with a password, or try again later.")
_NOT_HELD = N_("%(provider)s's answer does not hold. Try again.")
_TURNED_AWAY = N_("%(provider)s did not let you sign in.")


class _Silent(SignOnRefused):
    """The provider cannot be reached."""

    code = "provider_silent"


class SignOn:
    """The clients of all providers."""

    def __init__(self, app: Flask, sign_on: SignOnService) -> None:
        self._oauth = OAuth(app)
        for each in sign_on.providers:
            self._oauth.register(
                name=each.id,
                client_id=each.client_id,
                client_secret=each.client_secret.get_secret_value(),
                server_metadata_url=f"{each.issuer.rstrip('/')}/.well-known/openid-configuration",
                client_kwargs={
                    "scope": " ".join(each.scopes),
                    "code_challenge_method": "S256",
                    "default_timeout": PATIENCE_S,
                },
            )

    def way_out(self, provider: Provider, redirect_uri: str) -> BaseResponse:
        """Send a browser to the provider; what its answer must match is kept in the cookie."""
        client = self._oauth.create_client(provider.id)
        _require_own(provider, client.load_server_metadata())
        answer: BaseResponse = client.authorize_redirect(redirect_uri)
        return answer

    def claims(self, provider: Provider) -> dict[str, Any]:
        """Return what the provider says of the person, its token verified.

        Authlib holds the state to this browser's, the token's signature to the provider's keys,
        and its issuer, audience, nonce and times; the rest is held here.
        """
        client = self._oauth.create_client(provider.id)
        metadata = client.load_server_metadata()
        _require_own(provider, metadata)
        if request.args.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise SignOnRefused(_NOT_HELD, {"provider": provider.name})
        token = client.authorize_access_token(leeway=LEEWAY_S)
        claims = dict(token.get("userinfo") or {})
        if not claims:  # no ID token: nothing says for whom the access token is
            raise SignOnRefused(_NOT_HELD, {"provider": provider.name})
        if provider.username_claim not in claims and metadata.get("userinfo_endpoint"):
            told = dict(client.userinfo(token=token))
            if told.get("sub") != claims["sub"]:
                raise SignOnRefused(_NOT_HELD, {"provider": provider.name})
            claims = {**told, **claims}
        return claims

    def way_to_sign_out(self, provider: Provider, redirect_uri: str) -> str | None:
        """Return where one signs out of the provider; None if it has no such address."""
        client = self._oauth.create_client(provider.id)
        metadata = client.load_server_metadata()
        if not metadata.get("end_session_endpoint"):
            return None
        made = client.create_logout_url(
            post_logout_redirect_uri=redirect_uri, client_id=provider.client_id
        )
        return str(made["url"])


def blueprint(app: Flask, sign_on: SignOnService) -> Pages:
    """Return the pages of sign-on."""
    pages = Pages("sign_on", __name__, url_prefix="/sign-on")
    clients = SignOn(app, sign_on)

    @pages.get("/<provider_id>", needs=ANYBODY)
    def begin(provider_id: str) -> BaseResponse:
        """Send a person to the provider."""
        return _begun(clients, services().sign_on.provider(provider_id))

    @pages.get("/<provider_id>/answer", needs=ANYBODY)
    def answered(provider_id: str) -> BaseResponse:
        """Take a person whom the provider sends back."""
        return _answered(clients, services().sign_on.provider(provider_id))

    @pages.get("/<provider_id>/sign-out", needs=ANYBODY)
    def leave(provider_id: str) -> BaseResponse:
        """Lead from our sign-in page to the provider's own end of the session."""
        return _left(clients, services().sign_on.provider(provider_id))

    return pages


def _begun(clients: SignOn, provider: Provider) -> BaseResponse:
    session[_NEXT] = own_path(request.args.get("next"))
    back = url_for("sign_on.answered", provider_id=provider.id, _external=True)
    try:
        return clients.way_out(provider, back)
    except (RequestException, ValueError, RuntimeError) as error:
        return _told(_silent(provider, error))
    except SignOnRefused as refused:
        return _told(refused)


def _answered(clients: SignOn, provider: Provider) -> BaseResponse:
    origin = devices.origin_of(request)
    wanted = own_path(session.get(_NEXT)) or url_for("people.console")
    try:
        came = services().sign_on.sign_in(provider.id, clients.claims(provider), origin)
    except RequestException as error:
        return _told(_silent(provider, error))
    except (AuthlibBaseError, JoseError, ValueError, RuntimeError) as error:
        LOG.warning("sign-on through %s refused: %s", provider.id, error)
        refused = _TURNED_AWAY if "error" in request.args else _NOT_HELD
        return _told(SignOnRefused(refused, {"provider": provider.name}))
    except DispatchError as refused_here:
        return _told(refused_here)
    if came.step is not None:
        return attempts.begin(came.secret, came.step, wanted)
    sessions.begin(came.actor, came.secret, provider=provider.id)
    answer = redirect(wanted, 303)
    devices.remember(answer, request, origin)
    return answer


def _left(clients: SignOn, provider: Provider) -> BaseResponse:
    here = url_for("people.sign_in", _external=True)
    try:
        address = clients.way_to_sign_out(provider, here)
    except (RequestException, ValueError, RuntimeError) as error:
        return _told(_silent(provider, error))
    return redirect(address or here, 303)


def _require_own(provider: Provider, metadata: dict[str, Any]) -> None:
    """Hold that the provider's description is of the issuer that the settings name."""
    if metadata.get("issuer") != provider.issuer:
        LOG.warning("%s says that its issuer is %s", provider.id, metadata.get("issuer"))
        raise SignOnRefused(_NOT_HELD, {"provider": provider.name})


def _silent(provider: Provider, error: Exception) -> SignOnRefused:
    LOG.warning("%s does not answer: %s", provider.id, type(error).__name__)
    return _Silent(_DEAD, {"provider": provider.name})


def _told(refused: DispatchError) -> Response:
    """Return the sign-in page with what is wrong."""
    told = problems.from_domain(refused)
    return Response(sign_in_page(own_path(session.get(_NEXT)), error=told.detail), told.status)
