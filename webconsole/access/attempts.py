"""A sign-in that is not complete: its secret is kept in the cookie, and the next page is found.

Whoever holds it is nobody yet: no page but those of its steps looks at it.
"""

from typing import Final

from flask import redirect
from flask import session
from flask import url_for
from werkzeug.wrappers import Response

from dispatch.accounts.states import SignInStep
from webconsole.access.redirects import own_path

PAGES: Final = {
    SignInStep.VERIFY: "sign_in_steps.verify",
    SignInStep.ENROL: "sign_in_steps.enrol",
    SignInStep.CHANGE_PASSWORD: "sign_in_steps.password",
}
"""The endpoint of each step's page."""
_SECRET, _NEXT = "sign_in_attempt", "sign_in_next"


def begin(secret: str, step: SignInStep, wanted: str | None) -> Response:
    """Keep an attempt, and nothing of whoever sat here before; lead to its page."""
    session.clear()
    session[_NEXT] = wanted
    return go_on(secret, step)


def go_on(secret: str, step: SignInStep) -> Response:
    """Keep what an attempt has become, and lead to the page of its next step."""
    session[_SECRET] = secret
    return redirect(url_for(PAGES[step]), 303)


def secret() -> str:
    """Return the attempt's secret; one that nothing is known of, if there is none."""
    return str(session.get(_SECRET, ""))


def wanted() -> str:
    """Return where the person was going before the sign-in."""
    return own_path(session.get(_NEXT)) or url_for("people.console")
