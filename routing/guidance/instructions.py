"""Write turn-by-turn instructions for a route: texts to show and speak, numbers to draw.

Each step begins with a manoeuvre and lasts until the next. It holds all that is shown, spoken and
drawn, so that a page needs neither grammar nor geometry to guide a driver, also offline.
"""

from dataclasses import dataclass
from typing import Any

from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.phrases import Phrases
from routing.guidance.phrases import phrases_in
from routing.paths.route import Route

_EARLY_S = 25.0  # time before a manoeuvre of its first announcement, at the speed of the step
_SOON_S = 10.0
_FAR_M = (1000.0, 500.0, 300.0, 200.0, 100.0)
_FOLLOWS_AT_ONCE_M = 80.0
_TIME_TO_SPEAK_M = 50.0


@dataclass(frozen=True)
class SpokenAlert:
    """A text to speak when a manoeuvre is ``ahead_m`` metres ahead; 0: now."""

    ahead_m: float
    text: str


@dataclass(frozen=True)
class GuidanceStep:
    """A manoeuvre and the part of the route to the next one.

    Attributes
    ----------
    manoeuvre
        What to do at the beginning of the step, and how long the step is.
    lonlat
        Position, WGS 84, longitude first.
    instruction
        The manoeuvre in a few words, for the banner: "Turn right into People's Road".
    text
        The whole step for a list: "Follow Riverside Road for 400 m, then turn right into People's
        Road". The arrival's is its instruction.
    alerts
        What to speak *before* this manoeuvre, the farthest first.
    """

    manoeuvre: Manoeuvre
    lonlat: tuple[float, float]
    instruction: str
    text: str
    alerts: tuple[SpokenAlert, ...]


@dataclass(frozen=True)
class Guidance:
    """A route step by step in one language."""

    language: str
    steps: tuple[GuidanceStep, ...]

    def as_dicts(self) -> list[dict[str, Any]]:
        """Return the steps as JSON-ready objects, in driving order."""
        return [_as_dict(step) for step in self.steps]


def write_instructions(route: Route, manoeuvres: tuple[Manoeuvre, ...], language: str) -> Guidance:
    """Return the manoeuvres of a route as steps with texts.

    Parameters
    ----------
    language
        ``"zh"`` or ``"en"``.

    Raises
    ------
    UnknownLanguageError
        If the language is another.
    """
    phrases = phrases_in(language)
    steps = []
    for number, here in enumerate(manoeuvres):
        before = manoeuvres[number - 1] if number else None
        there = manoeuvres[number + 1] if number + 1 < len(manoeuvres) else None
        lon, lat = route.line[here.point].tolist()
        instruction = phrases.instruction(here)
        steps.append(
            GuidanceStep(
                manoeuvre=here,
                lonlat=(lon, lat),
                instruction=instruction,
                text=phrases.step(here, there) if there else instruction,
                alerts=_alerts(phrases, before, here, there),
            )
        )
    return Guidance(language, tuple(steps))


def as_feature(route: Route, guidance: Guidance | None = None) -> dict[str, Any]:
    """Return a route as a GeoJSON Feature with its length, time and, if given, its steps."""
    properties: dict[str, Any] = {
        "length_m": round(route.length_m, 1),
        "travel_time_s": round(route.travel_time_s, 1),
    }
    if guidance is not None:
        properties |= {"language": guidance.language, "steps": guidance.as_dicts()}
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": route.line.round(7).tolist()},
        "properties": properties,
    }


def _alerts(
    phrases: Phrases, before: Manoeuvre | None, here: Manoeuvre, there: Manoeuvre | None
) -> tuple[SpokenAlert, ...]:
    """Return the alerts of a manoeuvre: early enough to change lanes, again later, and at it."""
    at_it = phrases.instruction(here)
    if there is not None and there.kind != "continue" and here.distance_m < _FOLLOWS_AT_ONCE_M:
        at_it = phrases.immediately(here, there)
    if before is None:
        return (SpokenAlert(0.0, at_it),)
    step_m, speed_mps = before.distance_m, before.distance_m / max(before.time_s, 1.0)
    wanted_m = (_step_at(speed_mps * _EARLY_S), _step_at(speed_mps * _SOON_S))
    early = [
        SpokenAlert(ahead_m, phrases.announcement(here, ahead_m))
        for ahead_m in dict.fromkeys(wanted_m)
        if ahead_m + _TIME_TO_SPEAK_M < step_m
    ]
    return (*early, SpokenAlert(0.0, at_it))


def _step_at(metres: float) -> float:
    """Return the customary announcement distance that is nearest to the wanted one."""
    return min(_FAR_M, key=lambda far_m: abs(far_m - metres))


def _as_dict(step: GuidanceStep) -> dict[str, Any]:
    manoeuvre = step.manoeuvre
    return {
        "kind": manoeuvre.kind,
        "direction": manoeuvre.direction,
        "street_name": manoeuvre.street_name,
        "followed_name": manoeuvre.followed_name,
        "distance_m": round(manoeuvre.distance_m, 1),
        "time_s": round(manoeuvre.time_s, 1),
        "bearing_deg": round(manoeuvre.bearing_deg) % 360,
        "turn_deg": round(manoeuvre.turn_deg),
        "exit_number": manoeuvre.exit_number,
        "point": manoeuvre.point,
        "lonlat": [round(degrees, 7) for degrees in step.lonlat],
        "instruction": step.instruction,
        "text": step.text,
        "alerts": [{"ahead_m": alert.ahead_m, "text": alert.text} for alert in step.alerts],
    }
