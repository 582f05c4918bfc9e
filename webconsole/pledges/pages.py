"""The page of pledges: what holds with its source, the shipped examples, calendars, the weather."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext
from pydantic import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from dispatch.access.permissions import Permission
from dispatch.core.field_errors import refused
from dispatch.pledges.presets import BY_CODE
from dispatch.pledges.states import DAY_LABELS
from dispatch.pledges.states import START_LABELS
from dispatch.pledges.states import STOP_LABELS
from dispatch.pledges.states import UTILITIES
from dispatch.pledges.states import UTILITY_LABELS
from dispatch.pledges.states import WEATHER_LABELS
from dispatch.pledges.states import WeatherClass
from dispatch.pledges.types import CalendarAnswer
from dispatch.pledges.types import DeclareWeather
from dispatch.pledges.types import PledgeAnswer
from dispatch.pledges.types import PresetAnswer
from dispatch.pledges.types import UsePreset
from webconsole.platform import i18n
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import Pages

pledge_pages = Pages("pledge_pages", __name__, url_prefix="/pledges")
_SHOWN_HOLIDAYS = 6


@pledge_pages.get("", needs=(Permission.INCIDENT_READ,))
def show() -> str:
    """Show what is promised, and what might be."""
    actor().require(Permission.INCIDENT_READ)
    listed = services().pledges.list(actor())
    zones = {each["id"]: each for each in services().zones.list(actor())["zones"]}
    kinds = {each["code"]: each[_name()] for each in services().incidents.kinds()["kinds"]}  # type: ignore[literal-required]  # one of two
    calendars = services().calendars.list(actor())
    return render_template(
        "pledges/pledges.html",
        pledges=[_pledge(each, zones, kinds) for each in listed["pledges"]],
        presets=[
            (_words(UTILITY_LABELS, code), _presets(listed["presets"], code, kinds))
            for code in UTILITIES
        ],
        weather=_weather(),
        weather_options=[(each.value, _words(WEATHER_LABELS, each)) for each in WeatherClass],
        calendars=[_calendar(each) for each in calendars["calendars"]],
        time_zone=calendars["time_zone"],
        may_set=actor().may(Permission.RULES_WRITE),
    )


@pledge_pages.post("/<int:pledge_id>", needs=(Permission.RULES_WRITE,))
def switch(pledge_id: int) -> BaseResponse:
    """Switch a pledge on or off."""
    services().pledges.switch(actor(), pledge_id, enabled=_wants_on())
    return redirect(url_for("pledge_pages.show"), 303)


@pledge_pages.post("/presets/<code>", needs=(Permission.RULES_WRITE,))
def use(code: str) -> BaseResponse:
    """Switch a shipped example on or off."""
    services().pledges.use_preset(actor(), code, UsePreset(enabled=_wants_on()))
    return redirect(url_for("pledge_pages.show"), 303)


@pledge_pages.post("/weather", needs=(Permission.WEATHER_WRITE,))
def declare() -> BaseResponse:
    """Declare the weather of a utility everywhere."""
    given: dict[str, str | bytes] = {
        name: request.form.get(name, "") for name in ("utility", "weather")
    }
    try:
        wanted = DeclareWeather.read_form(given)
    except ValidationError as error:
        raise refused(error) from None
    services().weather.declare(actor(), wanted)
    return redirect(f"{url_for('pledge_pages.show')}#weather", 303)


def _wants_on() -> bool:
    return request.form.get("enabled") == "yes"


def _words(labels: Mapping[Any, str], code: str) -> str:
    """Return what a code is called, in the reader's language."""
    return _translated(labels[code])


def _translated(sentence: str) -> str:
    """Return a sentence that is marked elsewhere in the reader's language."""
    return str(gettext(sentence))


def _name() -> str:
    return "name_zh" if i18n.chosen_language() == "zh" else "name_en"


def limit_words(seconds: float) -> str:
    """Return a limit as people say it: "30 min", "12 h", "2 h 30 min"."""
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004  (an hour)
        return str(gettext("%(n)s min", n=minutes))
    hours, rest = divmod(minutes, 60)
    if rest == 0:
        return str(gettext("%(n)s h", n=hours))
    return str(gettext("%(h)s h %(m)s min", h=hours, m=f"{rest:02d}"))


def _said(pledge: PledgeAnswer | PresetAnswer) -> dict[str, Any]:
    """Return what a pledge and an example have in common."""
    share = pledge["target_share"]
    return {
        "name": pledge[_name()],  # type: ignore[literal-required]  # one of two
        "limit": limit_words(pledge["limit_s"]),
        "counts": " → ".join(
            (_words(START_LABELS, pledge["start"]), _words(STOP_LABELS, pledge["stop"]))
        ),
        "target": "" if share is None else f"{share * 100:g} %",
        "enabled": pledge["enabled"],
    }


def _pledge(pledge: PledgeAnswer, zones: dict[int, Any], kinds: dict[str, str]) -> dict[str, Any]:
    preset = BY_CODE.get(pledge["code"] or "")
    return {
        **_said(pledge),
        "id": pledge["id"],
        "example": pledge["example"],
        "kept": _kept(pledge),
        "utility": _words(UTILITY_LABELS, pledge["utility"]),
        "holds": ", ".join(_conditions(pledge, zones, kinds)),
        "source": pledge["source"],
        "source_date": pledge["source_date"] or "",
        "needs": _translated(preset.needs) if preset and preset.needs and pledge["example"] else "",
        "updated": f"{pledge['updated_by']}, {pledge['updated_at'][:10]}",
    }


def _kept(pledge: PledgeAnswer) -> str:
    """Return how many of the last 30 days' were kept, where any was decided."""
    decided = pledge["kept"] + pledge["missed"]
    if not decided:
        return ""
    share = f"{100 * pledge['kept'] / decided:.1f} %"
    return str(gettext("%(share)s of %(n)s in 30 days", share=share, n=decided))


def _conditions(pledge: PledgeAnswer, zones: dict[int, Any], kinds: dict[str, str]) -> list[str]:
    """Return for what a pledge holds, in words; empty: for everything of its utility."""
    words = [kinds.get(code, code) for code in pledge["kinds"]]
    words += [f"P{level}" for level in pledge["priorities"]]
    if pledge["zone_id"] is not None:
        zone = zones.get(pledge["zone_id"])
        words.append(gettext("a zone that was removed") if zone is None else _zone_name(zone))
    if pledge["from_time"] is not None:
        words.append(f"{pledge['from_time']}–{pledge['to_time']}")
    if pledge["days"] != "any":
        words.append(_words(DAY_LABELS, pledge["days"]))
    if pledge["season_from"] is not None:
        words.append(f"{pledge['season_from']} – {pledge['season_to']}")
    words += [_words(WEATHER_LABELS, each) for each in pledge["weather"]]
    if pledge["asset_from_mm"] is not None:
        words.append(f"≥ DN{pledge['asset_from_mm']:g}")
    if pledge["asset_below_mm"] is not None:
        words.append(f"< DN{pledge['asset_below_mm']:g}")
    if pledge["opening_only"]:
        words.append(gettext("only opening hours count"))
    return words


def _zone_name(zone: Any) -> str:  # noqa: ANN401  (an answer)
    return str((i18n.chosen_language() == "zh" and zone["name_zh"]) or zone["name"])


def _presets(
    presets: list[PresetAnswer], utility: str, kinds: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            **_said(each),
            "code": each["code"],
            "kinds": ", ".join(kinds.get(code, code) for code in each["kinds"]),
            "place": _translated(each["place"]),
            "source": each["source"],
            "source_date": each["source_date"],
            "needs": _translated(each["needs"]) if each["needs"] else "",
        }
        for each in presets
        if each["utility"] == utility
    ]


def _weather() -> list[dict[str, Any]]:
    """Return the weather of each utility, as declared everywhere and in zones."""
    declared = services().weather.list(actor())["weather"]
    everywhere = {each["utility"]: each for each in declared if each["zone_id"] is None}
    return [
        {
            "utility": code,
            "name": _words(UTILITY_LABELS, code),
            "weather": everywhere[code]["weather"].value if code in everywhere else "normal",
            "by": everywhere[code]["declared_by"] if code in everywhere else "",
            "zones": sum(
                each["utility"] == code and each["zone_id"] is not None for each in declared
            ),
        }
        for code in UTILITIES
    ]


def _calendar(calendar: CalendarAnswer) -> dict[str, Any]:
    days = services().calendars.today()
    coming = [
        (day, each["name"], ", ".join("–".join(span) for span in each["hours"]))
        for day, each in sorted(calendar["exceptions"].items())
        if date.fromisoformat(day) >= days
    ]
    return {
        "name": calendar[_name()],  # type: ignore[literal-required]  # one of two
        "code": calendar["code"],
        "weekly": [", ".join("–".join(span) for span in hours) for hours in calendar["weekly"]],
        "coming": coming[:_SHOWN_HOLIDAYS],
    }
