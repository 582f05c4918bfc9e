"""The page behind a caller's link, plain enough for any browser: no script is needed.

It looks again by itself; what is typed stands on pages of their own, which do not.
"""

from datetime import datetime
from typing import Any
from typing import Final
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from pydantic import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from dispatch.callers.states import END_SENTENCES
from dispatch.callers.states import STAGE_HINTS
from dispatch.callers.states import STAGE_SENTENCES
from dispatch.callers.states import STEP_SENTENCES
from dispatch.callers.states import ArrivalNote
from dispatch.callers.states import StepName
from dispatch.callers.types import CaseTold
from dispatch.callers.types import RateCase
from dispatch.callers.types import SayWhere
from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.field_errors import refused
from dispatch.core.limits import LARGEST_PHOTO_BYTES
from dispatch.links.states import LinkPurpose
from dispatch.links.types import Link
from dispatch.writes.command import Command
from webconsole.platform import context
from webconsole.platform import i18n
from webconsole.platform import problems
from webconsole.platform.context import services
from webconsole.platform.reading import form_fields
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages

LOOKS_AGAIN_S: Final = 30
_KILOMETRE_M: Final = 1_000
caller_pages = Pages("caller_pages", __name__, url_prefix="/t/<token>")
_C = TypeVar("_C", bound=Command)


@caller_pages.get("", needs=ANYBODY)
def show(token: str) -> Response:
    """Show how the case stands."""
    _, case = _open(token)
    return _page(
        "callers/case.html", token, case, refresh_s=None if case["over"] else LOOKS_AGAIN_S
    )


@caller_pages.get("/here", needs=ANYBODY)
def where(token: str) -> Response:
    """Ask where the caller is."""
    _, case = _open(token)
    return _page("callers/here.html", token, case, values={}, errors=())


@caller_pages.post("/here", needs=ANYBODY)
def say_where(token: str) -> BaseResponse:
    """Take in where the caller is."""
    link, case = _open(token)
    fields = form_fields(request)
    try:
        services().caller_pages.say_where(link, _read(SayWhere, fields))
    except DispatchError as wrong:
        return _again("callers/here.html", token, case, fields, wrong)
    return _back(token)


@caller_pages.get("/rating", needs=ANYBODY)
def rating(token: str) -> Response:
    """Ask how it went."""
    _, case = _open(token)
    return _page("callers/rating.html", token, case, values={}, errors=())


@caller_pages.post("/rating", needs=ANYBODY)
def rate(token: str) -> BaseResponse:
    """Take in how it went."""
    link, case = _open(token)
    fields = form_fields(request)
    try:
        services().caller_pages.rate(link, _read(RateCase, fields))
    except DispatchError as wrong:
        return _again("callers/rating.html", token, case, fields, wrong)
    return _back(token)


@caller_pages.errorhandler(NotFound)
def gone(_error: NotFound) -> Response:
    """Say that there is nothing, in the same words whatever was asked for."""
    i18n.speak(request.args.get("lang"), otherwise=services().settings.caller_language)
    return Response(render_template("callers/gone.html", others={}), 404)


@caller_pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say how large a photo may be; what was typed is still there one page back."""
    return problems.file_too_large("photo", LARGEST_PHOTO_BYTES)


def _open(token: str) -> tuple[Link, CaseTold]:
    link = services().links.open(token, LinkPurpose.CALLER)
    context.see_as(link.scope)
    case = services().caller_pages.look(link)
    i18n.speak(request.args.get("lang"), otherwise=case["language"])
    return link, case


def _read(command: type[_C], fields: dict[str, str | bytes]) -> _C:
    """Read a form; what our forms do not have is left aside, as old browsers add things."""
    known = {name: fields[name] for name in command.model_fields if name in fields}
    try:
        return command.read_form(known)
    except ValidationError as error:
        raise refused(error) from None


def _again(
    template: str, token: str, case: CaseTold, fields: dict[str, Any], wrong: DispatchError
) -> Response:
    """Show a form again with what was typed and what is wrong with it."""
    found = wrong.fields if isinstance(wrong, InvalidInput) else (FieldError("", wrong.msgid),)
    errors = [problems.say(each.msgid, each.params) for each in found]
    typed = {name: value for name, value in fields.items() if isinstance(value, str)}
    told = problems.from_domain(wrong)
    return _page(template, token, case, told.status, values=typed, errors=errors)


def _back(token: str) -> BaseResponse:
    return redirect(url_for("caller_pages.show", token=token, lang=i18n.chosen_language()), 303)


def _page(
    template: str,
    token: str,
    case: CaseTold,
    status: int = 200,
    **more: Any,  # noqa: ANN401
) -> Response:
    language = i18n.chosen_language()
    names = {"zh": "中文", "en": "English"}
    others = {
        names[each]: url_for(str(request.endpoint), token=token, lang=each)
        for each in i18n.LANGUAGES
        if each != language
    }
    page = render_template(
        template,
        case=case,
        words=_words(case, language),
        others=others,
        address=lambda name: url_for(f"caller_pages.{name}", token=token, lang=language),
        **more,
    )
    return Response(page, status)


def _words(case: CaseTold, language: str) -> dict[str, Any]:
    """Return what the page says, in its language."""
    stage = case["stage"]
    return {
        "kind": case["kind_zh"] if language == "zh" else case["kind_en"],
        "stage": problems.say(STAGE_SENTENCES[stage], {}),
        "hint": problems.say(STAGE_HINTS.get(stage, ""), {}),
        "steps": [
            (each["state"].value, _clock(each["at"]), problems.say(_step(each["name"], case), {}))
            for each in case["steps"]
        ],
        "arrival": _arrival(case),
        "crew": _crew(case),
        "repair": _clock(case["repair_due_at"], day=True),
        "told": _clock(case["told_at"], day=True),
        "safety": (case["safety_zh"] if language == "zh" else case["safety_en"]).splitlines(),
        "looked": datetime.now(_zone()).strftime("%H:%M"),
    }


def _step(name: StepName, case: CaseTold) -> str:
    if name is StepName.ENDED:
        return END_SENTENCES.get(case["stage"], STEP_SENTENCES[name])
    return STEP_SENTENCES[name]


def _arrival(case: CaseTold) -> str:
    arrival = case["arrival"]
    if arrival is None:
        return ""
    if arrival["note"] is ArrivalNote.LATE:
        late = N_("It takes longer than expected. When the crew will be there is not known.")
        return problems.say(late, {})
    if arrival["note"] is ArrivalNote.UNKNOWN:
        return problems.say(N_("When the crew will be there is not known yet."), {})
    times = {"from": _clock(arrival["from_at"]), "until": _clock(arrival["until_at"])}
    return problems.say(N_("Expected between %(from)s and %(until)s"), times)


def _crew(case: CaseTold) -> str:
    crew = case["crew"]
    if crew is None:
        return ""
    far = crew["about_m"]
    away = problems.say(N_("%(n)s m"), {"n": far})
    if far >= _KILOMETRE_M:
        away = problems.say(N_("%(n)s km"), {"n": f"{far / _KILOMETRE_M:g}"})
    if crew["street"]:
        place = {"far": away, "street": crew["street"]}
        return problems.say(N_("About %(far)s away, near %(street)s"), place)
    return problems.say(N_("About %(far)s away"), {"far": away})


def _zone() -> ZoneInfo:
    return ZoneInfo(services().settings.time_zone)


def _clock(at: str | None, *, day: bool = False) -> str:
    """Return a time as clocks show it there; with its day if that is not today, or is asked for."""
    if at is None:
        return ""
    local = datetime.fromisoformat(at).astimezone(_zone())
    today = services().clock().astimezone(_zone()).date()
    return local.strftime("%m-%d %H:%M" if day or local.date() != today else "%H:%M")
