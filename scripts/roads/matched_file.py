"""Write a matched track as GeoJSON, GPX or a table."""

import io
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from routing.matching.matched_track import Fate
from routing.matching.matched_track import MatchedTrack
from routing.network.road_network import RoadNetwork
from scripts.errors import UsageError
from scripts.roads.answers_file import GEOJSON
from scripts.roads.answers_file import TABLE
from scripts.roads.answers_file import as_collection
from scripts.roads.answers_file import as_table
from scripts.roads.track_points import RecordedTrack

_GPX = frozenset({".gpx"})
_COLUMNS = (
    *("fix", "time", "lon", "lat", "fate", "matched_lon", "matched_lat", "distance_m"),
    *("way_id", "street_name", "edge", "offset_m"),
)
_DIGITS = 7


def wanted_ending(output: Path) -> str:
    """Return the format that the ending of the output file says.

    Raises
    ------
    UsageError
        If it says none.
    """
    ending = output.suffix.lower()
    if ending not in GEOJSON | TABLE | _GPX:
        message = f"{output}: the ending says what to write, .geojson, .gpx or .csv."
        raise UsageError(message)
    return ending


def as_text(ending: str, recorded: RecordedTrack, track: MatchedTrack, network: RoadNetwork) -> str:
    """Return the content of a file of that ending."""
    if ending in GEOJSON:
        return as_collection(list(_features(recorded, track, network)))
    if ending in TABLE:
        return as_table(_COLUMNS, _rows(recorded, track, network))
    return _as_gpx(recorded, track)


def instant(at_s: float, *, timed: bool = True) -> str | None:
    """Return a time in ISO 8601, UTC; nothing for one that was only assumed."""
    if not timed:
        return None
    try:
        at = datetime.fromtimestamp(at_s, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _name_of(network: RoadNetwork, edge: int) -> str:
    return network.roads.names[int(network.roads.segment_name[edge // 2])]


def _features(
    recorded: RecordedTrack, track: MatchedTrack, network: RoadNetwork
) -> Iterator[dict[str, Any]]:
    path, timed = track.path, recorded.timed
    for chain, line in enumerate(track.lines):
        parts = np.flatnonzero(path.chain == chain)
        yield _feature(
            "LineString",
            line.round(_DIGITS).tolist(),
            {
                "kind": "path",
                "driven_m": round(float(path.length_m[parts].sum()), 1),
                "from": instant(float(path.enter_s[parts[0]]), timed=timed),
                "until": instant(float(path.leave_s[parts[-1]]), timed=timed),
                "edges": path.edges[parts].tolist(),
                "way_ids": path.way_ids[parts].tolist(),
            },
        )
    for gap in track.gaps:
        ends = track.lonlat[[gap.before_fix, gap.after_fix]].round(_DIGITS).tolist()
        about = {"kind": "gap", "reason": str(gap.reason), "straight_m": round(gap.straight_m, 1)}
        yield _feature("LineString", ends, about | _times(gap.from_s, gap.until_s, timed=timed))
    for stop in track.stops:
        about = {
            "kind": "stop",
            "way_id": stop.way_id,
            "offset_m": round(stop.offset_m, 1),
            "street_name": _name_of(network, stop.edge),
        }
        place = [round(each, _DIGITS) for each in stop.lonlat]
        yield _feature("Point", place, about | _times(stop.from_s, stop.until_s, timed=timed))


def _times(from_s: float, until_s: float, *, timed: bool) -> dict[str, str | None]:
    return {"from": instant(from_s, timed=timed), "until": instant(until_s, timed=timed)}


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - points or lines
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _rows(
    recorded: RecordedTrack, track: MatchedTrack, network: RoadNetwork
) -> Iterator[list[object]]:
    for fix, fate in enumerate(track.fate.tolist()):
        lon, lat = recorded.lonlat[fix].tolist()
        at = instant(float(recorded.at_s[fix]), timed=recorded.timed)
        row: list[object] = [fix, at, lon, lat, Fate(fate).name.lower()]
        edge = int(track.edge[fix])
        if edge >= 0:
            row += track.lonlat[fix].round(_DIGITS).tolist()
            row += [round(float(track.distance_m[fix]), 1), int(track.way_id[fix])]
            row += [_name_of(network, edge), edge, round(float(track.offset_m[fix]), 1)]
        else:
            row += [None] * (len(_COLUMNS) - len(row))
        yield row


def _as_gpx(recorded: RecordedTrack, track: MatchedTrack) -> str:
    """Return stops as waypoints and each chain as a segment, its fixes on their streets."""
    about = {"version": "1.1", "creator": "Nearcrew", "xmlns": "http://www.topografix.com/GPX/1/1"}
    root = ET.Element("gpx", about)
    for stop in track.stops:
        point = _point(root, "wpt", stop.lonlat[0], stop.lonlat[1])
        _add_time(point, instant(stop.from_s, timed=recorded.timed))
        ET.SubElement(point, "name").text = f"Stop, {stop.until_s - stop.from_s:.0f} s"
    line = ET.SubElement(root, "trk")
    on = np.flatnonzero(track.edge >= 0)
    on = on[np.argsort(recorded.at_s[on], kind="stable")]
    broken_s = [gap.until_s for gap in track.gaps]
    chain = np.searchsorted(np.array(broken_s), recorded.at_s[on], side="right")
    for each in np.unique(chain).tolist():
        segment = ET.SubElement(line, "trkseg")
        for fix in on[chain == each].tolist():
            point = _point(segment, "trkpt", *track.lonlat[fix].tolist())
            _add_time(point, instant(float(recorded.at_s[fix]), timed=recorded.timed))
    ET.indent(root)
    text = io.BytesIO()
    ET.ElementTree(root).write(text, encoding="utf-8", xml_declaration=True)
    return text.getvalue().decode() + "\n"


def _point(parent: ET.Element, kind: str, lon: float, lat: float) -> ET.Element:
    return ET.SubElement(parent, kind, {"lat": f"{lat:.{_DIGITS}f}", "lon": f"{lon:.{_DIGITS}f}"})


def _add_time(point: ET.Element, at: str | None) -> None:
    if at:
        ET.SubElement(point, "time").text = at
