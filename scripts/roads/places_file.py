"""Read positions from CSV tables or GeoJSON points."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.errors import UsageError

LONGITUDE = frozenset({"lon", "lng", "long", "longitude", "x"})
LATITUDE = frozenset({"lat", "latitude", "y"})
_NAMES = ("name", "id", "crew", "code")
_MEND = "A table needs columns lon and lat (name if you like); GeoJSON needs points."


@dataclass(frozen=True, slots=True)
class NamedPosition:
    """A named position; ``where`` is the file and row it was read from."""

    name: str
    lon: float
    lat: float
    where: str

    @property
    def lonlat(self) -> tuple[float, float]:
        """Longitude and latitude, degrees."""
        return self.lon, self.lat


def parse_position(text: str) -> NamedPosition:
    """Return the position typed as ``LON,LAT``.

    Raises
    ------
    UsageError
        If it is something else.
    """
    parts = text.split(",")
    if len(parts) != 2:  # noqa: PLR2004 - longitude and latitude
        message = f"{text!r} is not LON,LAT, such as 7.4246,43.7384."
        raise UsageError(message)
    return _place(text, parts[0], parts[1], repr(text))


def read_places(file: Path) -> list[NamedPosition]:
    """Return the positions of a ``.csv`` or ``.geojson`` file, unnamed ones by row number.

    Raises
    ------
    UsageError
        If the file is missing, no such table, or a position in it cannot be one; says the line.
    """
    text = read_text(file)
    if file.suffix.lower() in {".geojson", ".json"}:
        places = list(_from_geojson(file, text))
    else:
        places = list(_from_table(file, text))
    if not places:
        message = f"{file} holds no places."
        raise UsageError(message, mend=_MEND)
    return places


def read_pairs(file: Path) -> list[tuple[NamedPosition, NamedPosition]]:
    """Return pairs from a table with columns ``from_lon, from_lat, to_lon, to_lat``.

    Raises
    ------
    UsageError
        If the file is missing, no such table, or a position in it cannot be one; says the line.
    """
    pairs = []
    for where, row in rows_of(file, read_text(file)):
        ends = []
        for end in ("from", "to"):
            try:
                lon, lat = row[f"{end}_lon"], row[f"{end}_lat"]
            except KeyError as missing:
                message = f"{file} has no column {missing.args[0]}."
                mend = "Pairs need columns from_lon, from_lat, to_lon, to_lat."
                raise UsageError(message, mend=mend) from None
            ends.append(_place(row.get(end, "") or f"{lon},{lat}", lon, lat, where))
        pairs.append((ends[0], ends[1]))
    if not pairs:
        message = f"{file} holds no pairs."
        raise UsageError(message)
    return pairs


def read_text(file: Path) -> str:
    """Return the content of a text file.

    Raises
    ------
    UsageError
        If there is none, or it is no text.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
        raise UsageError(message) from error
    except UnicodeDecodeError as error:
        message = f"{file} is not UTF-8 text."
        raise UsageError(message) from error


def rows_of(file: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row of a table with its location; column names are in lower case."""
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    for row in (reader := csv.DictReader(io.StringIO(text), delimiter=separator)):
        values = {
            key.strip().lower(): (value or "").strip()
            for key, value in row.items()
            if isinstance(key, str) and not isinstance(value, list)
        }
        yield f"{file}, line {reader.line_num}", values


def _from_table(file: Path, text: str) -> Iterator[NamedPosition]:
    for number, (where, row) in enumerate(rows_of(file, text), start=1):
        lon = next((row[key] for key in row if key in LONGITUDE), None)
        lat = next((row[key] for key in row if key in LATITUDE), None)
        if lon is None or lat is None:
            message = f"{file} has no columns lon and lat."
            raise UsageError(message, mend=_MEND)
        name = next((row[key] for key in _NAMES if row.get(key)), str(number))
        yield _place(name, lon, lat, where)


def _from_geojson(file: Path, text: str) -> Iterator[NamedPosition]:
    try:
        found = json.loads(text)
    except ValueError as error:
        message = f"{file} is not JSON: {error}."
        raise UsageError(message) from error
    kind = found.get("type") if isinstance(found, dict) else None
    features = found.get("features") if kind == "FeatureCollection" else [found]
    if not isinstance(features, list):
        message = f"{file} is not GeoJSON."
        raise UsageError(message, mend=_MEND)
    for number, feature in enumerate(features, start=1):
        yield _from_feature(file, number, feature)


def _from_feature(file: Path, number: int, feature: Any) -> NamedPosition:  # noqa: ANN401 - whatever the file holds
    where = f"{file}, feature {number}"
    try:
        geometry = feature["geometry"] if feature["type"] == "Feature" else feature
        if geometry["type"] != "Point":
            message = f"{where} is a {geometry['type']}, not a point."
            raise UsageError(message, mend=_MEND)
        lon, lat = geometry["coordinates"][:2]
        properties = feature.get("properties") or {}
        name = next((properties[key] for key in _NAMES if properties.get(key)), None)
        return _place(str(name or feature.get("id") or number), lon, lat, where)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{where} is not a GeoJSON point."
        raise UsageError(message, mend=_MEND) from error


def _place(name: str, lon: str | float, lat: str | float, where: str) -> NamedPosition:
    try:
        place = NamedPosition(name, float(lon), float(lat), where)
    except (TypeError, ValueError):
        message = f"{where}: {lon!r}, {lat!r} are not two numbers."
        raise UsageError(message) from None
    if not (abs(place.lon) <= 180.0 and abs(place.lat) <= 90.0):  # noqa: PLR2004 - NaN compares false
        swapped = abs(place.lon) <= 90.0 and abs(place.lat) <= 180.0  # noqa: PLR2004
        hint = "Longitude comes first, then latitude." if swapped else ""
        message = f"{where}: {place.lon:g}, {place.lat:g} is nowhere on earth."
        raise UsageError(message, mend=hint)
    return place
