"""The public report page: plain HTML; a script lets the browser prove its work, or an SMS does."""

from typing import Any
from typing import Final

from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from pydantic import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.field_errors import refused
from dispatch.core.limits import LARGEST_PHOTO_BYTES
from dispatch.public_reports import proof_of_work
from dispatch.public_reports.states import Proof
from dispatch.public_reports.types import SayPublicly
from geodata.crs.great_circle import distance_m
from geodata.tiles.map_picture import NARROWEST_M
from geodata.tiles.map_picture import Frame
from webconsole.platform import context
from webconsole.platform import i18n
from webconsole.platform import problems
from webconsole.platform.context import services
from webconsole.platform.reading import form_fields
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages
from webconsole.public_reports.queries import MapQuery

report_pages = Pages("report_pages", __name__, url_prefix="/report")
_NO_PROOF: Final = N_("This browser cannot send reports here. Please call instead.")
_SAID: Final = ("kind", "lon", "lat", "address", "words", "phone")
FIRST_M: Final = 4_000.0
_NAMES: Final = {"zh": "中文", "en": "English"}


@report_pages.get("", needs=ANYBODY)
def show() -> Response:
    """Show the form."""
    _open()
    return _form({}, ())


@report_pages.post("", needs=ANYBODY)
def take() -> BaseResponse:
    """Take a report, once its sender has proved something."""
    _open()
    fields = form_fields(request)
    try:
        said = _read(fields)
        services().report_receiving.check(said)
        proved = _proof(said, fields)
        if proved is None:
            return _ask_for_code(said, fields)
        services().report_receiving.receive(said, *proved)
    except DispatchError as wrong:
        return _again(fields, wrong)
    thanks = url_for("report_pages.thanks", lang=i18n.chosen_language())
    return redirect(thanks, 303)


@report_pages.get("/map.svg", needs=ANYBODY)
def map_picture() -> Response:
    """Show a small picture of the map around a place, on which the spot is touched."""
    _open()
    try:
        asked = MapQuery.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise refused(error) from None
    frame = Frame(asked.lon, asked.lat, asked.width_m)
    drawn = services().ground.picture(frame, chinese=i18n.chosen_language() == "zh")
    return Response(drawn, mimetype="image/svg+xml")


@report_pages.get("/thanks", needs=ANYBODY)
def thanks() -> Response:
    """Say that it has come in, and what happens next."""
    _open()
    page = render_template("public_reports/thanks.html", others=_others(), emergency=_emergency())
    return Response(page)


@report_pages.errorhandler(NotFound)
def gone(_error: NotFound) -> Response:
    """Say that there is nothing here where the page is switched off."""
    return Response(render_template("callers/gone.html", others={}), 404)


@report_pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say how large a photo may be; what was typed is still there one page back."""
    return problems.file_too_large("photo", LARGEST_PHOTO_BYTES)


def _open() -> None:
    settings = services().settings
    i18n.speak(request.args.get("lang"), otherwise=settings.caller_language)
    services().report_receiving.require_on()
    context.see_as(services().report_receiving.scope())


def _read(fields: dict[str, str | bytes]) -> SayPublicly:
    known: dict[str, str | bytes] = {
        name: fields[name] for name in (*_SAID, "photo") if name in fields
    }
    known["language"] = i18n.chosen_language()
    try:
        return SayPublicly.read_form(known)
    except ValidationError as error:
        raise refused(error) from None


def _proof(said: SayPublicly, fields: dict[str, str | bytes]) -> tuple[str, Proof] | None:
    """Return under which key a report is taken, and for what proof; None if there is none yet."""
    challenge, solution = _text(fields, "challenge"), _text(fields, "solution")
    if challenge and solution and services().report_receiving.is_solved(challenge, solution):
        return proof_of_work.key_of(challenge), Proof.WORK
    token, code = _text(fields, "token"), _text(fields, "code")
    if token and code:
        return services().report_codes.check(token, said.phone, code), Proof.CODE
    return None


def _ask_for_code(said: SayPublicly, fields: dict[str, str | bytes]) -> Response:
    if not services().report_codes.can_send():
        return _form(fields, (problems.say(_NO_PROOF, {}),), 422)
    token = services().report_codes.ask(said.phone, said.language)
    return _code(fields, token, ())


def _again(fields: dict[str, str | bytes], wrong: DispatchError) -> Response:
    """Show the form, or the question for the code, again with what was typed."""
    found = wrong.fields if isinstance(wrong, InvalidInput) else (FieldError("", wrong.msgid),)
    told = problems.from_domain(wrong)
    names = {each.field for each in found}
    errors = [problems.say(each.msgid, {**wrong.params, **each.params}) for each in found]
    if names == {"code"}:
        return _code(fields, _text(fields, "token"), errors, told.status)
    return _form(fields, errors, told.status)


def _form(fields: Any, errors: Any, status: int = 200) -> Response:  # noqa: ANN401
    language = i18n.chosen_language()
    kinds = [
        (each["code"], each["name_zh"] if language == "zh" else each["name_en"])
        for each in services().incidents.kinds()["kinds"]
    ]
    page = render_template(
        "public_reports/report.html",
        map=_first_map(),
        kinds=kinds,
        values=_typed(fields),
        errors=errors,
        challenge=services().report_receiving.challenge(),
        emergency=_emergency(),
        others=_others(),
        action=url_for("report_pages.take", lang=language),
    )
    return Response(page, status)


def _code(fields: Any, token: str, errors: Any, status: int = 200) -> Response:  # noqa: ANN401
    page = render_template(
        "public_reports/code.html",
        values=_typed(fields),
        token=token,
        photo_lost=bool(fields.get("photo")),
        errors=errors,
        others={},
        action=url_for("report_pages.take", lang=i18n.chosen_language()),
    )
    return Response(page, status)


def _first_map() -> dict[str, Any] | None:
    """Return what the picture of the map shows at first; None without a map."""
    ground = services().ground.info()
    bounds, center = ground["bounds"], ground["center"]
    if bounds is None or center is None:
        return None
    across_m = distance_m((bounds[0], center[1]), (bounds[2], center[1]))
    return {
        "lon": center[0],
        "lat": center[1],
        "width_m": round(min(max(across_m, NARROWEST_M), FIRST_M)),
        "address": url_for("report_pages.map_picture", lang=i18n.chosen_language()),
        "attribution": ground.get("attribution") or "© OpenStreetMap",
    }


def _typed(fields: dict[str, str | bytes]) -> dict[str, str]:
    return {name: _text(fields, name) for name in _SAID}


def _text(fields: dict[str, str | bytes], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def _emergency() -> str:
    return services().report_receiving.rules.emergency_phone


def _others() -> dict[str, str]:
    spoken = i18n.chosen_language()
    return {
        _NAMES[each]: url_for("report_pages.show", lang=each)
        for each in i18n.LANGUAGES
        if each != spoken
    }
