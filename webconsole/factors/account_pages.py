"""One's own account: password, second factors, language.

Whatever changes how one signs in asks for the password again: a desk may be left open.
"""

from typing import Any

from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import TryLater
from dispatch.factors.security_keys import Site
from dispatch.factors.types import ChangeOwnPassword
from dispatch.factors.types import SetLanguage
from webconsole.access import devices
from webconsole.access import sessions
from webconsole.board.pages import boot
from webconsole.factors.sites import site_of
from webconsole.factors.step_pages import first_error
from webconsole.factors.step_pages import new_key
from webconsole.factors.step_pages import shown_app
from webconsole.platform import i18n
from webconsole.platform import problems
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import SIGNED_IN
from webconsole.platform.route_rights import Pages

account_pages = Pages("account_pages", __name__, url_prefix="/account")
_DONE = {"password", "app", "key", "removed", "language"}


@account_pages.get("", needs=SIGNED_IN)
def show() -> str:
    """Show the account of whoever asks."""
    done = request.args.get("done", "")
    return _account_page(done=done if done in _DONE else "")


@account_pages.post("/password", needs=SIGNED_IN)
def change_password() -> BaseResponse:
    """Replace the password; every other sign-in ends."""
    given = {name: request.form.get(name, "") for name in ("password", "new_password")}
    origin = devices.origin_of(request)
    try:
        wanted = ChangeOwnPassword.read(given)
        secret = services().own_account.change_password(actor(), wanted, origin)
    except (InvalidInput, TryLater) as refused:
        return _refused(refused, "password")
    sessions.begin(actor(), secret)
    answer = _done("password")
    devices.remember(answer, request, origin)
    return answer


@account_pages.post("/language", needs=SIGNED_IN)
def set_language() -> BaseResponse:
    """Set the language of the pages, on this device and others."""
    wanted = SetLanguage.read({"language": request.form.get("language", "")})
    services().own_account.set_language(actor(), wanted)
    answer = _done("language")
    i18n.remember(answer, request, wanted.language)
    return answer


@account_pages.post("/app", needs=SIGNED_IN)
def set_up_app() -> BaseResponse | str:
    """Show the picture that an authenticator app reads."""
    return _refused_password("app") or _app_page()


@account_pages.post("/app/confirm", needs=SIGNED_IN)
def confirm_app() -> BaseResponse | str:
    """Take the first code of an app."""
    try:
        codes = services().factors.confirm_app(actor(), request.form.get("code", "")[:100])
    except InvalidInput as refused:
        return Response(_app_page(error=first_error(refused)), 422)
    return _recovery_codes(codes) if codes else _done("app")


@account_pages.post("/app/remove", needs=SIGNED_IN)
def remove_app() -> BaseResponse:
    """Use the authenticator app no longer."""
    refused = _refused_password("app")
    if refused is not None:
        return refused
    try:
        services().factors.remove_app(actor())
    except Conflict as required:
        return _refused(required, "app")
    return _done("removed")


@account_pages.post("/keys", needs=SIGNED_IN)
def set_up_key() -> BaseResponse | str:
    """Have a security key touched."""
    site = site_of(request)
    if site is None:
        return _done("")
    return _refused_password("key") or _key_page(site)


@account_pages.post("/keys/confirm", needs=SIGNED_IN)
def confirm_key() -> BaseResponse | str:
    """Store a security key."""
    site = site_of(request)
    if site is None:
        return _done("")
    try:
        codes = services().factors.confirm_key(actor(), new_key(), site)
    except InvalidInput as refused:
        return Response(_key_page(site, error=first_error(refused)), 422)
    return _recovery_codes(codes) if codes else _done("key")


@account_pages.post("/keys/<int:key_id>/remove", needs=SIGNED_IN)
def remove_key(key_id: int) -> BaseResponse:
    """Use a security key no longer."""
    refused = _refused_password("key")
    if refused is not None:
        return refused
    try:
        services().factors.remove_key(actor(), key_id)
    except Conflict as required:
        return _refused(required, "key")
    return _done("removed")


@account_pages.post("/recovery-codes", needs=SIGNED_IN)
def new_recovery_codes() -> BaseResponse:
    """Show new recovery codes, once."""
    refused = _refused_password("codes")
    if refused is not None:
        return refused
    try:
        return _recovery_codes(services().factors.new_recovery_codes(actor()))
    except InvalidInput as none:
        return _refused(none, "codes")


def _refused_password(section: str) -> BaseResponse | None:
    """Return the page with what is wrong, unless the password was given again and is right."""
    try:
        services().own_account.require_password(
            actor(), request.form.get("password", "")[:1000], devices.origin_of(request)
        )
    except (InvalidInput, TryLater) as refused:
        return _refused(refused, section)
    return None


def _refused(refused: InvalidInput | TryLater | Conflict, section: str) -> Response:
    """Return the page with what is wrong at the section that it is about."""
    told = problems.from_domain(refused)
    page = _account_page(section=section, error=first_error(refused))
    return Response(page, told.status, told.headers)


def _account_page(**shown: Any) -> str:  # noqa: ANN401  (as Jinja takes it)
    told = {"section": "", "error": "", "done": "", **shown}
    return render_template(
        "factors/account.html",
        boot=boot("account"),
        factors=services().factors.mine(actor()),
        key_possible=site_of(request) is not None,
        **told,
    )


def _app_page(*, error: str = "") -> str:
    shown = shown_app(services().factors.app_to_set_up(actor()))
    return render_template("factors/account_app.html", error=error, **shown)


def _key_page(site: Site, *, error: str = "") -> str:
    options = services().factors.key_to_set_up(actor(), site)
    return render_template("factors/account_key.html", error=error, options=options)


def _recovery_codes(codes: tuple[str, ...]) -> Response:
    page = render_template(
        "factors/recovery_codes.html", codes=codes, onwards=url_for("account_pages.show")
    )
    return Response(page, headers={"Cache-Control": "no-store"})


def _done(what: str) -> BaseResponse:
    return redirect(url_for("account_pages.show", done=what or None), 303)
