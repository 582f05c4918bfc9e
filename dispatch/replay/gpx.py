"""GPX 1.1, the exchange format of tracks (https://www.topografix.com/GPX/1/1/)."""

import re
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

NAMESPACE = "http://www.topografix.com/GPX/1/1"
_SCHEMA = f"{NAMESPACE} http://www.topografix.com/GPX/1/1/gpx.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# What XML 1.0 cannot hold, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIGITS = 7
"""Of degrees: a centimetre."""


@dataclass(frozen=True, slots=True)
class Waypoint:
    """Waypoint; WGS 84, longitude first."""

    lon: float
    lat: float
    at: str
    name: str
    about: str
    kind: str


@dataclass(frozen=True, slots=True)
class Path:
    """Track or route as segments of points: longitude, latitude and, in tracks, the time."""

    name: str
    parts: Sequence[Sequence[Sequence[Any]]]


def document(
    *,
    name: str,
    at: str,
    waypoints: Iterable[Waypoint],
    routes: Iterable[Path],
    tracks: Iterable[Path],
) -> bytes:
    """Return a GPX 1.1 file.

    The schema fixes the order of elements: metadata, waypoints, routes, tracks; inside a point
    ele, time, name, cmt, desc, src, link, sym, type. Heights are not known and not made up.

    Parameters
    ----------
    name
        Of the whole.
    at
        When it was made, ISO 8601 in UTC, as all times here.
    waypoints, routes, tracks
        What it holds. Empty segments are left out.
    """
    root = ET.Element(
        "gpx",
        {
            "version": "1.1",
            "creator": "Nearcrew",
            "xmlns": NAMESPACE,
            "xmlns:xsi": _INSTANCE,
            "xsi:schemaLocation": _SCHEMA,
        },
    )
    metadata = ET.SubElement(root, "metadata")
    _text(metadata, "name", name)
    _text(metadata, "time", at)
    for waypoint in waypoints:
        point = _point(root, "wpt", waypoint.lon, waypoint.lat)
        _text(point, "time", waypoint.at)
        _text(point, "name", waypoint.name)
        _text(point, "desc", waypoint.about)
        _text(point, "type", waypoint.kind)
    for route in routes:
        line = ET.SubElement(root, "rte")
        _text(line, "name", route.name)
        for part in route.parts:
            for lon, lat in part:
                _point(line, "rtept", lon, lat)
    for track in tracks:
        line = ET.SubElement(root, "trk")
        _text(line, "name", track.name)
        for part in track.parts:
            segment = ET.SubElement(line, "trkseg")
            for lon, lat, time in part:
                _text(_point(segment, "trkpt", lon, lat), "time", time)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _point(parent: ET.Element, kind: str, lon: float, lat: float) -> ET.Element:
    place = {"lat": f"{lat:.{_DIGITS}f}", "lon": f"{lon:.{_DIGITS}f}"}
    return ET.SubElement(parent, kind, place)


def _text(parent: ET.Element, kind: str, words: str) -> None:
    """Add an element with words, if there are any."""
    if words:
        ET.SubElement(parent, kind).text = _UNWRITABLE.sub("\ufffd", words)
