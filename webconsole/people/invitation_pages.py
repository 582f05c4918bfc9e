"""The page behind a link: whoever was invited, or had the password reset, chooses one."""

from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from dispatch.accounts.passwords import LEAST_LENGTH
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import refused
from dispatch.people.types import ChoosePassword
from dispatch.people.types import LinkedAccountAnswer
from webconsole.platform import problems
from webconsole.platform.context import services
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages

DIFFER = N_("The two passwords are not the same.")
invitations = Pages("invitations", __name__)


@invitations.get("/invitation/<secret>", needs=ANYBODY)
def show(secret: str) -> Response:
    """Show whose link it is, and ask for a password."""
    return _page(services().invitations.look(secret))


@invitations.post("/invitation/<secret>", needs=ANYBODY)
def choose(secret: str) -> BaseResponse:
    """Take the password; it is then used to sign in, for a second factor may be needed too."""
    found = services().invitations.look(secret)
    password = request.form.get("password", "")
    try:
        wanted = ChoosePassword.model_validate({"password": password})
    except ValidationError as error:
        (first, *_) = refused(error).fields
        return _page(found, problems.say(first.msgid, first.params), 422)
    if password != request.form.get("again", ""):
        return _page(found, problems.say(DIFFER, {}), 422)
    try:
        services().invitations.choose(secret, wanted)
    except InvalidInput as poor:
        return _page(found, problems.say(poor.fields[0].msgid, poor.fields[0].params), 422)
    return redirect(url_for("people.sign_in", chosen=1), 303)


def _page(found: LinkedAccountAnswer, error: str = "", status: int = 200) -> Response:
    page = render_template(
        "people/invitation.html", found=found, error=error, least_length=LEAST_LENGTH
    )
    return Response(page, status, {"Cache-Control": "no-store"})
