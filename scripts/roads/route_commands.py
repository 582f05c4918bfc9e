"""`nearcrew route` and `nearcrew matrix`: routes and travel times on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from typing import Any

import numpy as np
import typer

from routing.errors import InvalidLimitError
from routing.errors import InvalidPointError
from routing.errors import OutsideNetworkError
from routing.errors import RoutingError
from routing.errors import UnreachableError
from routing.guidance.instructions import as_feature
from routing.paths.route import Route
from routing.router import Router
from scripts.commands.progress import waiting
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.roads.answers_file import as_collection
from scripts.roads.answers_file import as_table
from scripts.roads.answers_file import put
from scripts.roads.answers_file import wanted_format
from scripts.roads.command_router import open_router
from scripts.roads.places_file import NamedPosition
from scripts.roads.places_file import parse_position
from scripts.roads.places_file import read_pairs
from scripts.roads.places_file import read_places

MINUTE_S = 60.0
KILOMETRE_M = 1000.0
# -8.61,41.15 is a place and not an option.
NEGATIVE_NUMBERS = {"ignore_unknown_options": True}


class ProfileName(StrEnum):
    """The vehicle profile."""

    NORMAL = "normal"
    EMERGENCY = "emergency"


class Language(StrEnum):
    """The language of guidance."""

    CHINESE = "zh"
    ENGLISH = "en"


Pbf = Annotated[
    Path | None,
    typer.Option(help="An OpenStreetMap extract; the imported city if left out."),
]
Profile = Annotated[ProfileName, typer.Option(help="Who drives.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Where to: .csv or .geojson; the screen if left out."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    app.command(context_settings=NEGATIVE_NUMBERS)(route)
    app.command()(matrix)


def route(
    *,
    ends: Annotated[
        list[str] | None, typer.Argument(metavar="FROM TO", help="Two places, each LON,LAT.")
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(help="Instead: a table with from_lon, from_lat, to_lon, to_lat."),
    ] = None,
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    alternatives: Annotated[
        int, typer.Option(min=0, max=2, help="How many other ways to look for.")
    ] = 0,
    language: Annotated[Language, typer.Option(help="What guidance speaks.")] = Language.ENGLISH,
    output: Output = None,
) -> None:
    """Compute the fastest route, turn by turn; or many routes at once."""
    if bool(ends) == (pairs is not None) or (ends and len(ends) != 2):  # noqa: PLR2004 - from, to
        message = "Give two places, FROM TO, or a table with --pairs."
        raise UsageError(message, mend="nearcrew route 7.4246,43.7384 7.4194,43.7311")
    if pairs is not None:
        kind, asked = wanted_format(output, "csv"), read_pairs(pairs)
        router = open_router(pbf, profile)
        with waiting(f"Finding {len(asked):,} ways"):
            answers = [_answer(router, *pair) for pair in asked]
        put(_pairs_table(asked, answers) if kind == "csv" else as_collection(answers), output)
        return
    begin, end = (parse_position(text) for text in ends or ())
    kind = wanted_format(output, "words")
    router = open_router(pbf, profile)
    with refusals():
        ways = [router.route(begin.lonlat, end.lonlat)]
        if alternatives:
            ways += router.alternatives(begin.lonlat, end.lonlat, alternatives)
    if kind == "geojson":
        features = [as_feature(way, router.guide(way, language)) for way in ways]
        put(as_collection(features), output)
    elif kind == "csv":
        put(_steps_table(router, ways, language), output)
    else:
        print(_in_words(router, ways, language), end="")


def matrix(
    *,
    origins: Annotated[Path, typer.Argument(help="Places: .csv with lon, lat, or .geojson.")],
    targets: Annotated[Path, typer.Argument(help="The same; may be the same file.")],
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    wide: Annotated[
        bool, typer.Option("--wide", help="One row per origin instead of one per pair.")
    ] = False,
    output: Output = None,
) -> None:
    """Compute travel times by road, seconds, from every origin to every target.

    What no road leads to, or lies off every road, stays empty.
    """
    kind = wanted_format(output, "csv")
    begins, ends = read_places(origins), read_places(targets)
    router = open_router(pbf, profile)
    with waiting(f"Computing {len(begins):,} × {len(ends):,} travel times"), refusals():
        times_s = router.matrix(lonlat_of(begins), lonlat_of(ends))
    shown = [[_seconds(time_s) for time_s in row] for row in times_s.tolist()]
    if kind == "geojson":
        put(as_collection(_matrix_features(begins, ends, shown)), output)
    elif wide:
        rows: list[list[Any]] = [
            [begin.name, *row] for begin, row in zip(begins, shown, strict=True)
        ]
        put(as_table(("origin", *(end.name for end in ends)), rows), output)
    else:
        rows = [
            [begin.name, end.name, time_s]
            for begin, row in zip(begins, shown, strict=True)
            for end, time_s in zip(ends, row, strict=True)
        ]
        put(as_table(("origin", "target", "travel_time_s"), rows), output)


@contextmanager
def refusals() -> Iterator[None]:
    """Convert errors of routing to errors of the command line."""
    try:
        yield
    except (InvalidPointError, InvalidLimitError) as refusal:
        raise UsageError(_sentence(refusal)) from refusal
    except RoutingError as refusal:
        raise ScriptError(_sentence(refusal)) from refusal


def _sentence(refusal: Exception) -> str:
    text = str(refusal)
    return f"{text[:1].upper()}{text[1:]}."


def lonlat_of(places: list[NamedPosition]) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Return positions as an array, shape ``(n, 2)``."""
    return np.array([place.lonlat for place in places], dtype=np.float64)


def _seconds(time_s: float) -> float | None:
    return round(time_s, 1) if np.isfinite(time_s) else None


def _answer(router: Router, begin: NamedPosition, end: NamedPosition) -> dict[str, Any]:
    """Return one route as a feature; without a line, but with the reason, if there is none."""
    names = {"from": begin.name, "to": end.name}
    try:
        feature = as_feature(router.route(begin.lonlat, end.lonlat))
    except OutsideNetworkError:
        return {"type": "Feature", "geometry": None, "properties": names | {"problem": "off_road"}}
    except UnreachableError:
        problem = {"problem": "unreachable"}
        return {"type": "Feature", "geometry": None, "properties": names | problem}
    return feature | {"properties": names | feature["properties"]}


def _pairs_table(
    pairs: list[tuple[NamedPosition, NamedPosition]], answers: list[dict[str, Any]]
) -> str:
    said = ("length_m", "travel_time_s", "problem")
    rows = [
        [*begin.lonlat, *end.lonlat, *(answer["properties"].get(key) for key in said)]
        for (begin, end), answer in zip(pairs, answers, strict=True)
    ]
    return as_table(("from_lon", "from_lat", "to_lon", "to_lat", *said), rows)


def _steps_table(router: Router, ways: list[Route], language: str) -> str:
    said = ("kind", "direction", "street_name", "distance_m", "time_s", "text")
    rows = [
        [number, *step["lonlat"], *(step[key] for key in said)]
        for number, way in enumerate(ways, start=1)
        for step in router.guide(way, language).as_dicts()
    ]
    return as_table(("way", "lon", "lat", *said), rows)


def _in_words(router: Router, ways: list[Route], language: str) -> str:
    lines = []
    for number, way in enumerate(ways, start=1):
        minutes, kilometres = way.travel_time_s / MINUTE_S, way.length_m / KILOMETRE_M
        title = f"{kilometres:.1f} km, {minutes:.1f} min"
        lines.append(f"Way {number}: {title}" if len(ways) > 1 else title)
        lines += [f"  {step.text}" for step in router.guide(way, language).steps[:-1]]
    return "\n".join(lines) + "\n"


def _matrix_features(
    begins: list[NamedPosition], ends: list[NamedPosition], shown: list[list[float | None]]
) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": list(begin.lonlat)},
            "properties": {
                "name": begin.name,
                "travel_times_s": {end.name: time_s for end, time_s in zip(ends, row, strict=True)},
            },
        }
        for begin, row in zip(begins, shown, strict=True)
    ]
