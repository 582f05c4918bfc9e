"""The pages between a right password and the session: second factor, new password.

They are open doors: who asks is known by the attempt in the cookie, which can do nothing else.
"""

from typing import Any

from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from dispatch.accounts.states import SignInStep
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import TryLater
from dispatch.factors.attempt_types import Advance
from dispatch.factors.attempt_types import AttemptOver
from dispatch.factors.attempt_types import Waiting
from dispatch.factors.attempt_types import WrongCode
from dispatch.factors.types import AddSecurityKey
from dispatch.factors.types import ReplacePassword
from webconsole.access import attempts
from webconsole.access import devices
from webconsole.access import sessions
from webconsole.board.pages import sign_in_page
from webconsole.factors.sites import picture
from webconsole.factors.sites import site_of
from webconsole.factors.sites import typed_secret
from webconsole.platform import i18n
from webconsole.platform import problems
from webconsole.platform.context import services
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages

step_pages = Pages("sign_in_steps", __name__, url_prefix="/sign-in")
_LONGEST_CODE = 100


@step_pages.errorhandler(AttemptOver)
def over(refused: AttemptOver) -> Response:
    """Lead back to the beginning, and say why."""
    told = problems.from_domain(refused)
    return Response(sign_in_page(None, error=told.detail), told.status)


@step_pages.route("/verify", methods=["GET", "POST"], needs=ANYBODY)
def verify() -> BaseResponse | str:
    """Ask for the second factor."""
    if request.method != "POST":
        waiting = _waiting(SignInStep.VERIFY)
        return _led_on(waiting) if isinstance(waiting, Waiting) else waiting
    secret, origin, steps = attempts.secret(), devices.origin_of(request), services().sign_in_steps
    site, credential = site_of(request), request.form.get("credential")
    try:
        if credential and site is not None:
            came = steps.prove_by_key(secret, credential, site, origin)
        else:
            code = request.form.get("code", "")[:_LONGEST_CODE]
            came = steps.prove_by_code(secret, code, origin)
    except (WrongCode, TryLater) as refused:
        told = problems.from_domain(refused)
        waiting = _waiting(SignInStep.VERIFY)
        if not isinstance(waiting, Waiting):
            return waiting
        return Response(_led_on(waiting, error=told.detail), told.status, told.headers)
    return _advanced(came)


@step_pages.route("/factor", methods=["GET", "POST"], needs=ANYBODY)
def enrol() -> BaseResponse | str:
    """Have an authenticator app set up."""
    waiting = _waiting(SignInStep.ENROL)
    if not isinstance(waiting, Waiting):
        return waiting
    secret, steps = attempts.secret(), services().sign_in_steps
    error = ""
    if request.method == "POST":
        try:
            code = request.form.get("code", "")[:_LONGEST_CODE]
            return _advanced(steps.confirm_app(secret, code, devices.origin_of(request)))
        except InvalidInput as refused:
            error = first_error(refused)
    page = _page(
        "enrol_app",
        waiting,
        error=error,
        **shown_app(steps.app_to_set_up(secret)),
        key_possible=site_of(request) is not None,
    )
    return Response(page, 422 if error else 200)


@step_pages.route("/factor/key", methods=["GET", "POST"], needs=ANYBODY)
def enrol_key() -> BaseResponse | str:
    """Have a security key set up, where there is a host name."""
    waiting = _waiting(SignInStep.ENROL)
    if not isinstance(waiting, Waiting):
        return waiting
    site = site_of(request)
    if site is None:
        return redirect(url_for("sign_in_steps.enrol"), 303)
    secret, steps = attempts.secret(), services().sign_in_steps
    error = ""
    if request.method == "POST":
        try:
            return _advanced(steps.confirm_key(secret, new_key(), site, devices.origin_of(request)))
        except InvalidInput as refused:
            error = first_error(refused)
    page = _page("enrol_key", waiting, error=error, options=steps.key_to_set_up(secret, site))
    return Response(page, 422 if error else 200)


@step_pages.post("/factor/later", needs=ANYBODY)
def later() -> BaseResponse:
    """Put setting one up off, as long as that is allowed."""
    return _advanced(
        services().sign_in_steps.put_off(attempts.secret(), devices.origin_of(request))
    )


@step_pages.route("/password", methods=["GET", "POST"], needs=ANYBODY)
def password() -> BaseResponse | str:
    """Have the password replaced that an administrator gave."""
    waiting = _waiting(SignInStep.CHANGE_PASSWORD)
    if not isinstance(waiting, Waiting):
        return waiting
    error = ""
    if request.method == "POST":
        try:
            wanted = ReplacePassword.read({"new_password": request.form.get("new_password", "")})
            return _advanced(
                services().own_account.choose_password(
                    attempts.secret(), wanted, devices.origin_of(request)
                )
            )
        except InvalidInput as refused:
            error = first_error(refused)
    page = _page("choose_password", waiting, error=error)
    return Response(page, 422 if error else 200)


def first_error(refused: DispatchError) -> str:
    """Return what is wrong with the first field that something is wrong with, as a sentence."""
    told = problems.from_domain(refused)
    if not told.errors:
        return told.detail
    labels = {
        "code": gettext("One-time code"),
        "name": gettext("Name of the key"),
        "password": gettext("Present password"),
        "new_password": gettext("New password"),
    }
    label = labels.get(told.errors[0]["field"], "")
    between = " " if label and i18n.chosen_language() == "en" else ""
    return f"{label}{between}{told.errors[0]['message']}"


def shown_app(address: str) -> dict[str, Any]:
    """Return what a page shows of an app to be set up."""
    return {"picture": picture(address), "secret": typed_secret(address), "address": address}


def new_key() -> AddSecurityKey:
    """Return what a form says of a new security key."""
    return AddSecurityKey.read(
        {name: request.form.get(name, "") for name in ("name", "credential")}
    )


def _waiting(step: SignInStep) -> Waiting | BaseResponse:
    """Return what the attempt waits for; if that is another page's, the way there."""
    waiting = services().sign_in_steps.waiting(attempts.secret())
    if waiting.step is not step:
        return redirect(url_for(attempts.PAGES[waiting.step]), 303)
    return waiting


def _led_on(waiting: Waiting, *, error: str = "") -> str:
    site = site_of(request) if waiting.by_key else None
    steps = services().sign_in_steps
    options = None if site is None else steps.key_options(attempts.secret(), site)
    return _page("verify", waiting, error=error, options=options)


def _page(name: str, waiting: Waiting, **shown: Any) -> str:  # noqa: ANN401  (as Jinja takes it)
    return render_template(f"factors/{name}.html", waiting=waiting, **shown)


def _advanced(came: Advance) -> BaseResponse:
    """Lead to the next step, or begin the session; show fresh recovery codes before, once."""
    wanted = attempts.wanted()
    if came.step is not None:
        answer = attempts.go_on(came.secret, came.step)
        wanted = url_for(attempts.PAGES[came.step])
    else:
        sessions.begin(came.actor, came.secret)
        answer = redirect(wanted, 303)
    if came.recovery_codes:
        page = render_template(
            "factors/recovery_codes.html", codes=came.recovery_codes, onwards=wanted
        )
        answer = Response(page, headers={"Cache-Control": "no-store"})
    if came.step is None:
        devices.remember(answer, request, devices.origin_of(request))
    return answer
