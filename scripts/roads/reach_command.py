"""`nearcrew reach`: areas reached by road within some minutes."""

import sys
from pathlib import Path
from typing import Annotated

import shapely
import typer

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
from scripts.roads.places_file import read_places
from scripts.roads.route_commands import KILOMETRE_M
from scripts.roads.route_commands import MINUTE_S
from scripts.roads.route_commands import NEGATIVE_NUMBERS
from scripts.roads.route_commands import Output
from scripts.roads.route_commands import Pbf
from scripts.roads.route_commands import Profile
from scripts.roads.route_commands import ProfileName
from scripts.roads.route_commands import lonlat_of
from scripts.roads.route_commands import refusals


def register(app: typer.Typer) -> None:
    """Add the command to the main one."""
    app.command(context_settings=NEGATIVE_NUMBERS)(reach)


def reach(
    *,
    origins: Annotated[
        list[str] | None, typer.Argument(metavar="PLACE...", help="Places, each LON,LAT.")
    ] = None,
    places: Annotated[
        Path | None, typer.Option(help="Instead: places from a .csv or .geojson file.")
    ] = None,
    minutes: Annotated[
        list[float] | None, typer.Option(help="How far; may be given several times.")
    ] = None,
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    output: Output = None,
) -> None:
    """Compute the areas reached by road from the nearest of some positions.

    The table has one row per limit, with the length of road reached, each direction for itself.
    """
    if bool(origins) == (places is not None):
        message = "Give places, LON,LAT, or a file with --places."
        raise UsageError(message, mend="nearcrew reach 7.4246,43.7384 --minutes 5 --minutes 10")
    kind = wanted_format(output, "geojson")
    begins = read_places(places) if places else [parse_position(text) for text in origins or ()]
    limits_min = sorted(minutes or [10.0])
    router = open_router(pbf, profile)
    _warn_off_road(router, begins)
    with waiting(f"Driving from {len(begins):,} places"), refusals():
        found = router.reach(lonlat_of(begins), [limit * MINUTE_S for limit in limits_min])
    if kind == "geojson":
        features = [
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(area),
                "properties": {"minutes": limit},
            }
            for limit, area in zip(limits_min, found.areas, strict=True)
        ]
        put(as_collection(features), output)
    else:
        rows = []
        for limit in limits_min:
            some = found.intervals_within(limit * MINUTE_S)
            road_km = float((some.to_m - some.from_m).sum()) / KILOMETRE_M
            rows.append((f"{limit:g}", round(road_km, 1)))
        put(as_table(("minutes", "directed_road_km"), rows), output)


def _warn_off_road(router: Router, places: list[NamedPosition]) -> None:
    """Warn of positions that are off road: nothing is reached from them.

    Raises
    ------
    ScriptError
        If they all do.
    """
    on_road = router.snap(lonlat_of(places)).on_road
    if not on_road.any():
        message = f"No place lies within {router.snap_limit_m:,.0f} m of a road."
        raise ScriptError(message)
    for place, known in zip(places, on_road.tolist(), strict=True):
        if not known:
            print(f"Left out, off every road: {place.name}", file=sys.stderr)
