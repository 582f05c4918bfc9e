"""Read recorded tracks: GPX 1.0 and 1.1, and tables with lon, lat and time."""

import csv
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from scripts.errors import UsageError
from scripts.roads.places_file import LATITUDE
from scripts.roads.places_file import LONGITUDE
from scripts.roads.places_file import read_text
from scripts.roads.places_file import rows_of
from scripts.roads.track_points import RecordedTrack
from scripts.roads.track_points import TrackPoints
from scripts.roads.track_points import as_recorded

_MEND = "A track is a .gpx file, or a .csv table with columns lon, lat, time (and accuracy_m)."
_COLUMNS = {
    **dict.fromkeys(LONGITUDE, "lon"),
    **dict.fromkeys(LATITUDE, "lat"),
    **dict.fromkeys(("time", "at", "timestamp", "datetime", "fixed_at", "time_utc"), "time"),
    **dict.fromkeys(("accuracy_m", "accuracy", "acc"), "accuracy_m"),
    **dict.fromkeys(("heading_deg", "heading", "course", "bearing"), "heading_deg"),
    **dict.fromkeys(("speed_mps", "speed_m_s"), "speed_mps"),
}
# What receivers write inside a point, or its extensions, in any namespace.
_ELEMENTS = {
    "time": "time",
    "accuracy": "accuracy_m",
    "course": "heading_deg",
    "speed": "speed_mps",
}
_CHUNK = 1 << 16


def read_track(file: Path) -> RecordedTrack:
    """Return the track of a file; several tracks and segments are one after another.

    Raises
    ------
    UsageError
        If it cannot be read; says the line and the field.
    """
    ending = file.suffix.lower()
    if ending == ".gpx":
        return _read_gpx(file)
    if ending in {".csv", ".txt", ".tsv"}:
        return _read_table(file)
    message = f"{file}: the ending says what it is, .gpx or .csv."
    raise UsageError(message, mend=_MEND)


def _read_table(file: Path) -> RecordedTrack:
    points = TrackPoints()
    seen: set[str] = set()
    try:
        for where, row in rows_of(file, read_text(file)):
            texts = {_COLUMNS[name]: text for name, text in row.items() if name in _COLUMNS}
            if not {"lon", "lat"} <= texts.keys():
                message = f"{file} has no columns lon and lat."
                raise UsageError(message, mend=_MEND)
            seen |= texts.keys()
            points.add(where, texts)
    except csv.Error as error:
        message = f"{file} is not a table: {error}."
        raise UsageError(message, mend=_MEND) from error
    return as_recorded(points, [])


def _read_gpx(file: Path) -> RecordedTrack:
    parser = DefusedXMLParser(target=(target := _GpxTarget(file)), forbid_dtd=False)
    target.listen_to(parser)
    try:
        with file.open("rb") as content:
            while chunk := content.read(_CHUNK):
                parser.feed(chunk)
        parser.close()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
        raise UsageError(message) from error
    except ParseError as error:
        message = f"{file}, line {error.position[0]}: this is not whole XML."
        raise UsageError(message, mend=_MEND) from error
    except DefusedXmlException as error:
        message = f"{file} declares entities, which no track needs."
        raise UsageError(message) from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        message = f"{file} is not a GPX file: {error}."
        raise UsageError(message, mend=_MEND) from error
    return target.track()


class _GpxTarget:
    """Collects the points of tracks as the parser comes to them; a file may be large."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._parser: Any = None
        self._tracks, self._routes = TrackPoints(), TrackPoints()
        self._waypoints, self._segments = 0, 0
        self._texts: dict[str, str] | None = None
        self._where = ""
        self._field = ""
        self._words: list[str] = []
        self._root = ""

    def listen_to(self, parser: Any) -> None:  # noqa: ANN401 - defusedxml has no types
        """Remember the parser: it knows the line."""
        self._parser = parser

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = _local(tag)
        if not self._root:
            self._root = name
            if name != "gpx":
                message = f"{self._file} is not a GPX file, its first element is {name[:40]!r}."
                raise UsageError(message, mend=_MEND)
        if name in {"trkpt", "rtept"}:
            self._where = f"{self._file}, line {self._parser.parser.CurrentLineNumber}"
            self._texts = {key: attributes.get(key, "").strip() for key in ("lon", "lat")}
        elif self._texts is not None and name in _ELEMENTS:
            self._field, self._words = _ELEMENTS[name], []
        self._waypoints += name == "wpt"
        self._segments += name == "trkseg"

    def data(self, words: str) -> None:
        """Collect the text of a field."""
        if self._field:
            self._words.append(words)

    def end(self, tag: str) -> None:
        """End an element."""
        name = _local(tag)
        if self._texts is None:
            return
        if name in {"trkpt", "rtept"}:
            points = self._tracks if name == "trkpt" else self._routes
            points.add(self._where, self._texts)
            self._texts = None
        elif self._field and _ELEMENTS.get(name) == self._field:
            self._texts.setdefault(self._field, "".join(self._words).strip())
            self._field = ""

    def close(self) -> None:
        """End the file."""

    def track(self) -> RecordedTrack:
        """Return what was collected."""
        remarks = []
        points = self._tracks
        if not points.lon and self._routes.lon:
            points = self._routes
            remarks.append("It has no track; the points of its route are taken.")
        if self._segments > 1:
            remarks.append(f"Its {self._segments} segments are taken as one track.")
        if self._waypoints:
            remarks.append(f"Its {self._waypoints} waypoints are left out.")
        return as_recorded(points, remarks)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
