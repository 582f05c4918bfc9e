"""Closures of a study, drawn in a file: areas close all roads within, lines the road along them."""

from datetime import UTC
from datetime import datetime
from datetime import tzinfo
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import ClosedDirections
from routing.closures.types import ClosedPlace
from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.errors import ClosureError
from scripts.errors import UsageError
from scripts.studies.inputs.map_file import read_map_in_degrees

_ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
_COLUMNS = ("direction", "from_at", "until_at")


def read_closures(file: Path, begin: datetime = _ALWAYS, zone: tzinfo = UTC) -> list[Closure]:
    """Return one closure for each area or line of a GeoPackage, GeoJSON or shapefile.

    A line closes both directions, or the one that its column ``direction`` names: ``along`` or
    ``against``, as the desk's own closures have it. One begins and ends as its columns ``from_at``
    and ``until_at`` tell.

    Parameters
    ----------
    begin
        When those begin that do not say so.
    zone
        Of instants that do not say theirs.

    Raises
    ------
    UsageError
        If the file cannot be read, names no CRS, or holds something that closes nothing; says the
        feature.
    """
    frame = read_map_in_degrees(file)
    shapes = np.asarray(frame.geometry.array)
    columns = [
        frame[name].tolist() if name in frame.columns else [None] * len(shapes) for name in _COLUMNS
    ]
    closures = []
    for number, (drawn, way, since, until) in enumerate(
        zip(shapes.tolist(), *columns, strict=True), start=1
    ):
        where = f"{file}, feature {number}"
        from_at = _instant(since, zone, where) or begin
        until_at = _instant(until, zone, where)
        try:
            places = _places(drawn, _directions(way, where), where)
            closures += [Closure(where, place, from_at, until_at) for place in places]
        except ClosureError as error:
            message = f"{where}: {error}."
            raise UsageError(message) from error
    if not closures:
        message = f"{file} closes nothing."
        raise UsageError(message)
    return closures


def _directions(way: object, where: str) -> ClosedDirections:
    if not isinstance(way, str) or not way:  # a missing one may be None or NaN
        return ClosedDirections.BOTH
    try:
        return ClosedDirections(way)
    except ValueError:
        message = f"{where}: {way!r} is no direction."
        raise UsageError(message, mend="direction is both, along or against.") from None


def _instant(told: object, zone: tzinfo, where: str) -> datetime | None:
    if pd.isna(told):  # type: ignore[call-overload]  # whatever the file holds
        return None
    try:
        at = pd.Timestamp(told).to_pydatetime()  # type: ignore[arg-type]  # whatever it holds
    except (TypeError, ValueError):
        message = f"{where}: {told!r} is no instant."
        raise UsageError(message, mend="from_at and until_at: 2026-11-30T08:00+08:00.") from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _places(drawn: object, directions: ClosedDirections, where: str) -> list[ClosedPlace]:
    if isinstance(drawn, shapely.Polygon | shapely.MultiPolygon):
        return [ClosedArea(shapely.force_2d(drawn))]
    if isinstance(drawn, shapely.LineString | shapely.MultiLineString):
        return [
            ClosedStretch(
                tuple((lon, lat) for lon, lat in shapely.get_coordinates(line).tolist()), directions
            )
            for line in shapely.get_parts(drawn).tolist()
        ]
    message = f"{where} is neither an area nor a line."
    raise UsageError(message)
