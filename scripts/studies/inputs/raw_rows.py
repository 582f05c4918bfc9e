"""Rows of places as a file has them, before anything is checked: texts and a CRS.

CSV with columns ``lon, lat`` (WGS 84) or ``x, y`` (in a CRS that has to be given), and whatever
pyogrio opens: GeoPackage, GeoJSON, shapefile.
"""

import csv
import io
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Final

import geopandas
import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from scripts.errors import UsageError
from scripts.roads.places_file import LATITUDE
from scripts.roads.places_file import LONGITUDE
from scripts.roads.places_file import read_text
from scripts.studies.inputs.map_file import read_map

WGS84: Final = "EPSG:4326"
_GIVE_CRS: Final = "--crs EPSG:…, such as EPSG:4326 for longitude and latitude"
_PROJECTED: Final = frozenset({"x", "y"})


@dataclass(frozen=True, slots=True)
class RawRows:
    """What a file holds: one text for each column and row, as it stands there.

    Attributes
    ----------
    where
        File and row of each.
    xy
        Coordinates as texts or numbers, None where there is no position.
    crs
        Of the coordinates.
    columns
        The other columns by name in lower case.
    """

    where: Sequence[str]
    xy: Sequence[tuple[Any, Any] | None]
    crs: pyproj.CRS
    columns: Mapping[str, Sequence[Any]]


def read_rows(file: Path, crs: str | None = None, layer: str | None = None) -> RawRows:
    """Return the rows of a file of places.

    Parameters
    ----------
    crs
        Of the coordinates, where the file does not say, such as ``EPSG:3763``.
    layer
        Of a GeoPackage with several.

    Raises
    ------
    UsageError
        If the file cannot be read, does not say its CRS and none is given, or says another one.
    """
    if file.suffix.lower() in {".csv", ".tsv", ".txt"}:
        return _table_rows(file, crs)
    return _feature_rows(file, crs, layer)


def parse_crs(text: str) -> pyproj.CRS:
    """Return the CRS that was given.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError as error:
        message = f"{text!r} is no coordinate reference system."
        raise UsageError(message, mend=_GIVE_CRS) from error


def _table_rows(file: Path, crs: str | None) -> RawRows:
    known, where, rows = _cells(file)
    east = next((name for name in known if name in LONGITUDE), None)
    north = next((name for name in known if name in LATITUDE), None)
    if east is None or north is None:
        message = f"{file} has no columns lon and lat, or x and y."
        raise UsageError(message, mend="The first line names the columns, such as name,lon,lat.")
    if crs is None and {east, north} & _PROJECTED:
        message = f"{file} does not say in which coordinate reference system {east}, {north} are."
        raise UsageError(message, mend=_GIVE_CRS)
    pairs = [(row.get(east, ""), row.get(north, "")) for row in rows]
    return RawRows(
        where,
        [pair if pair != ("", "") else None for pair in pairs],
        parse_crs(crs or WGS84),
        {name: [row.get(name, "") for row in rows] for name in known if name not in {east, north}},
    )


def _cells(file: Path) -> tuple[list[str], list[str], list[dict[str, str]]]:
    """Return the columns in lower case, and each row with its location; every cell has a column."""
    text = read_text(file)
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text),
        delimiter=max(",;\t", key=first.count),
        skipinitialspace=True,
        strict=True,
    )
    where: list[str] = []
    rows: list[dict[str, str]] = []
    try:
        known = [name.strip().lower() for name in next(reader, [])]
        for cells in reader:
            if not any(cells):
                continue
            location = f"{file}, line {reader.line_num}"
            if any(cells[len(known) :]):
                message = f"{location} has more cells than the first line has names."
                mend = "Where numbers have a decimal comma, put ; between the cells."
                raise UsageError(message, mend=mend)
            where.append(location)
            filled = [*(cell.strip() for cell in cells), *("" for _ in known)]
            rows.append(dict(zip(known, filled, strict=False)))
    except csv.Error as error:
        message = f"{file}, line {reader.line_num}: {error}."
        raise UsageError(message, mend="Is a quotation mark not closed?") from error
    if not rows:
        message = f"{file} has no rows below its first line."
        raise UsageError(message, mend="The first line names the columns, such as name,lon,lat.")
    return known, where, rows


def _feature_rows(file: Path, crs: str | None, layer: str | None) -> RawRows:
    frame = read_map(file, layer)
    where = [f"{file}, feature {number}" for number in range(1, len(frame) + 1)]
    return RawRows(
        where,
        [_point(shape, place) for shape, place in zip(frame.geometry, where, strict=True)],
        _stated_crs(file, frame, crs),
        {
            str(name).lower(): frame[name].tolist()
            for name in frame.columns
            if name != frame.geometry.name
        },
    )


def _stated_crs(file: Path, frame: geopandas.GeoDataFrame, crs: str | None) -> pyproj.CRS:
    stated = frame.crs
    if stated is None and crs is None:
        message = f"{file} does not say its coordinate reference system."
        raise UsageError(message, mend=_GIVE_CRS)
    if crs is None:
        return pyproj.CRS(stated)
    given = parse_crs(crs)
    if stated is not None and not given.equals(stated, ignore_axis_order=True):
        message = f"{file} is in {stated.name}, not in {given.name}."
        raise UsageError(message, mend="Leave out --crs: the file says it.")
    return given


def _point(shape: BaseGeometry | None, where: str) -> tuple[float, float] | None:
    """Return the place of a feature: an area's is a point within it."""
    if shape is None or shape.is_empty:
        return None
    if shapely.get_dimensions(shape) == 1:
        message = f"{where} is a {shape.geom_type}, not a point or an area."
        raise UsageError(message, mend="For demand along roads use --demand roads.")
    east, north = shapely.get_coordinates(shape.representative_point())[0].tolist()
    return (east, north) if np.isfinite((east, north)).all() else None
