"""Who is asking, and by what right: session cookie or bearer token.

Everything is closed unless it is in the list of open doors. There a request with an Authorization
header is a program's and is judged by its token alone, cookies or not; a browser cannot be made to
send that header by another site, so such requests need no CSRF token. All others do, when they
change something. Open doors look at no token: whoever has an old one must be able to get another.
"""

from flask import Flask
from flask import Request
from flask import request
from flask import session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from flask_login import UserMixin
from flask_login import current_user
from flask_login import login_user
from flask_login import logout_user
from flask_wtf import CSRFProtect
from typing_extensions import override
from werkzeug.wrappers import Response as BaseResponse

from dispatch.access.permissions import Actor
from dispatch.accounts.origins import Origin
from dispatch.accounts.service import WRONG_SIGN_IN
from dispatch.accounts.types import SignIn
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotSignedIn
from dispatch.core.errors import SignInRefused
from webconsole.access.redirects import to_sign_in
from webconsole.platform import context
from webconsole.platform.context import services
from webconsole.platform.problems import for_programs

ANONYMOUS_DOORS = frozenset(
    {
        "app_pages.manifest",
        "app_pages.touch_icon",
        "app_pages.worker",
        "assets.own_file",
        "caller_pages.rate",
        "caller_pages.rating",
        "caller_pages.say_where",
        "caller_pages.show",
        "caller_pages.where",
        "delivery_pages.service_worker",
        "deliveries.receipt",
        "gateways.callback",
        "health.alive",
        "health.numbers",
        "report_pages.map_picture",
        "report_pages.show",
        "report_pages.take",
        "report_pages.thanks",
        "ingest.from_osmand",
        "ingest.from_owntracks",
        "shift_pages.feed",
        "work_report_pages.customer_pdf",
        "work_report_pages.customer_report",
    }
)
"""Nobody is looked up for these, and no cookie counts.

Some hold nothing personal and are asked for constantly; gateways and phones prove themselves by a
signature and by a token of one delivery, calendar programs by the address of one crew's shifts,
callers by the link to one case, customers by that of one report, trackers by an id or a password.
Whoever reports something proves work, or a telephone number.
"""
OPEN_DOORS = ANONYMOUS_DOORS | {
    "access.login",
    "health.ready",
    "invitations.choose",
    "invitations.show",
    "openapi.spec",
    "people.api_docs",
    "people.language",
    "people.sign_in",
    "sign_in_steps.enrol",
    "sign_in_steps.enrol_key",
    "sign_in_steps.later",
    "sign_in_steps.password",
    "sign_in_steps.verify",
    "sign_on.answered",
    "sign_on.begin",
    "sign_on.leave",
}
PROVIDER = "sign_on_provider"
"""Where the cookie says who vouched for the person."""
_NO_COOKIE_DOORS = frozenset({"access.login"})


class Person(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """A signed-in account, as Flask-Login wants it: known by its session, not by its account."""

    def __init__(self, actor: Actor, session_id: str) -> None:
        self.actor = actor
        self._session_id = session_id

    def get_id(self) -> str:
        """Return what the cookie carries: the secret of the session kept on our side."""
        return self._session_id


class _CookieInterface(SecureCookieSessionInterface):
    """Marks the cookie Secure on https only: on http browsers would drop it."""

    @override
    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(request.is_secure)


def install(app: Flask, *, secret_key: str, session_hours: float) -> None:
    """Identify every request, and refuse those that may not pass."""
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="nearcrew_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=session_hours * 3600,
        WTF_CSRF_CHECK_DEFAULT=False,  # checked below, for cookies only
        WTF_CSRF_TIME_LIMIT=None,  # a desk stays open for a whole shift
    )
    app.session_interface = _CookieInterface()
    logins = LoginManager(app)
    logins.session_protection = None  # phones change their address while they drive
    logins.user_loader(_person_of_session)
    csrf = CSRFProtect(app)

    def check() -> BaseResponse | None:
        if request.endpoint in ANONYMOUS_DOORS:
            return None
        token = bearer_token(request)
        if token is not None and request.endpoint not in OPEN_DOORS:
            context.set_actor(_actor_of(token), by_token=True)
            return None
        context.set_actor(getattr(current_user, "actor", None), by_token=False)
        # Whoever is not signed in is told that and nothing else: a phone keeps its work for
        # later on 401, but would have to give it up on a page that "is too old".
        away = _turned_away() if context.asking() is None else None
        if away is None and request.endpoint not in {None, *_NO_COOKIE_DOORS}:
            csrf.protect()
        return away

    app.before_request(check)


def bearer_token(asked: Request) -> str | None:
    """Return the bearer token of a request; None when it brings none."""
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def current_secret() -> str:
    """Return the secret by which this request is made: of its token, or of its session."""
    return bearer_token(request) or str(current_user.get_id() or "")


def sign_in(username: str, password: str, origin: Origin) -> Actor:
    """Begin a session for a person.

    Raises
    ------
    SignInRefused
        If the name or the password is wrong.
    TryLater
        If it comes too soon after wrong passwords, or too many sign in at this moment.
    SignInIncomplete
        If the password is right, and something else is needed.
    """
    try:
        wanted = SignIn.read({"username": username, "password": password})
    except InvalidInput:  # a name that no account can have
        raise SignInRefused(WRONG_SIGN_IN) from None
    found, session_id = services().accounts.open_session_for(wanted, origin)
    begin(found, session_id)
    return found


def begin(found: Actor, session_id: str, *, provider: str | None = None) -> None:
    """Let a session that was opened be that of this browser.

    Parameters
    ----------
    provider
        Who vouched for the person, instead of a password.
    """
    session.clear()  # nothing of whoever sat here before, the CSRF token included
    session.permanent = True
    if provider is not None:
        session[PROVIDER] = provider
    login_user(Person(found, session_id))
    context.set_actor(found, by_token=False)


def sign_out() -> str | None:
    """End the session on both sides; return through which provider it had begun, if any."""
    provider = session.get(PROVIDER)
    if isinstance(current_user.get_id(), str):
        services().accounts.close_session(current_user.get_id())
    logout_user()
    session.clear()
    return provider


def _actor_of(token: str) -> Actor:
    found = services().accounts.actor_for_token(token)
    if found is None:
        message = N_("The token is unknown or has expired.")
        raise NotSignedIn(message)
    return found


def _person_of_session(session_id: str) -> Person | None:
    found = services().accounts.actor_for_session(session_id)
    return None if found is None else Person(found, session_id)


def _turned_away() -> BaseResponse | None:
    """Send people to the sign-in page and programs away; addresses that lead nowhere may say so."""
    if request.endpoint is None or request.endpoint in OPEN_DOORS:
        return None
    if for_programs(request.path):
        raise NotSignedIn(context.NOT_SIGNED_IN)
    return to_sign_in(request)
