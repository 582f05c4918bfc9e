"""Export files: tracks, routes and waypoints as GPX 1.1 or GeoJSON."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

import numpy as np

from dispatch.board.types import EventAnswer
from dispatch.core.instants import instant
from dispatch.positions import tracks
from dispatch.positions.tracks import LONGEST_SILENCE_S
from dispatch.positions.tracks import Fixes
from dispatch.replay import gpx
from dispatch.replay.types import Format
from dispatch.replay.types import ReplayIncident
from dispatch.replay.types import ToldPast


@dataclass(frozen=True, slots=True)
class _Told:
    """What a file is made of: the past, every fix of its crews, and ways by road."""

    name: str
    past: ToldPast
    kinds: Mapping[str, str]
    ways: Sequence[Mapping[str, Any]]
    fixes: Sequence[Fixes]

    def title(self, incident: ReplayIncident) -> str:
        """Return how people name an incident aloud."""
        return f"{self.kinds.get(incident['kind'], incident['kind'])} #{incident['id']}"

    def crew(self, crew_id: int) -> str:
        """Return a crew's name."""
        names = {each["id"]: each["name"] for each in self.past["crews"]}
        return names.get(crew_id, f"#{crew_id}")


def write(
    format_: Format,
    name: str,
    past: ToldPast,
    kinds: Mapping[str, str],
    ways: Sequence[Mapping[str, Any]],
    fixes: Sequence[tracks.FixRow],
) -> bytes:
    """Return the content of an export file; takes seconds where there are many fixes.

    Parameters
    ----------
    format_
        ``gpx`` or ``geojson``.
    name
        Of the whole.
    past
        What is told of a period, as `dispatch.replay.service` has it.
    kinds
        The names of incident kinds.
    ways
        By road, as GeoJSON features with ``crew_id`` and ``at``.
    fixes
        All of the crews, as `dispatch.positions.tracks.read_fixes` read them.
    """
    told = _Told(name, past, kinds, ways, tracks.by_crew(fixes))
    return _gpx(told) if format_ == "gpx" else _geojson(told)


def _iso(at_s: float) -> str:
    return instant(datetime.fromtimestamp(at_s, UTC))


def _segments(fixes: Fixes) -> list[list[tuple[float, float, str]]]:
    return [
        [
            (lon, lat, _iso(at_s))
            for (lon, lat), at_s in zip(
                fixes.lonlat[part].tolist(), fixes.at_s[part].tolist(), strict=True
            )
        ]
        for part in fixes.stretches()
    ]


def _marks(told: _Told) -> list[dict[str, Any]]:
    """Return the places that are worth a mark: incidents, events, photos."""
    marks = [
        {
            "kind": "incident",
            "id": each["id"],
            "name": told.title(each),
            "at": each["reported_at"],
            "lonlat": (each["lon"], each["lat"]),
            "about": each["address"],
        }
        for each in told.past["incidents"]
    ]
    by_crew = {each.crew_id: each for each in told.fixes}
    for event in told.past["events"]:
        where = _place(event, by_crew.get(event["crew_id"] or 0))
        if where is not None:
            who = told.crew(event["crew_id"]) if event["crew_id"] else event["actor"]
            marks.append(
                {
                    "kind": event["kind"],
                    "id": event["id"],
                    "name": f"{event['kind']} {who}",
                    "at": event["occurred_at"],
                    "lonlat": where,
                    "about": "",
                }
            )
    marks += [
        {
            "kind": "photo",
            "id": each["id"],
            "name": each["caption"] or f"photo {each['id']}",
            "at": each["taken_at"] or each["received_at"],
            "lonlat": (each["lon"], each["lat"]),
            "about": each["author"],
        }
        for each in told.past["photos"]
        if each["lon"] is not None
    ]
    return marks


def _place(event: EventAnswer, fixes: Fixes | None) -> tuple[float, float] | None:
    """Return where an event was: as its phone said, else where its crew was just then."""
    if not event["kind"].startswith("assignment."):
        return None
    said = event["data"].get("lonlat")
    if said:
        return float(said[0]), float(said[1])
    if fixes is None:
        return None
    at_s = datetime.fromisoformat(event["occurred_at"]).timestamp()
    if np.abs(fixes.at_s - at_s).min() > LONGEST_SILENCE_S:
        return None
    lon, lat = (float(np.interp(at_s, fixes.at_s, fixes.lonlat[:, axis])) for axis in (0, 1))
    return lon, lat


def _gpx(told: _Told) -> bytes:
    return gpx.document(
        name=f"Nearcrew {told.name}",
        at=told.past["server_time"],
        waypoints=[
            gpx.Waypoint(lon, lat, mark["at"], mark["name"], mark["about"], mark["kind"])
            for mark in _marks(told)
            for lon, lat in [mark["lonlat"]]
        ],
        routes=[
            gpx.Path(f"{told.crew(way['crew_id'])} {way['at']}", [way["geometry"]["coordinates"]])
            for way in told.ways
        ],
        tracks=[gpx.Path(told.crew(each.crew_id), _segments(each)) for each in told.fixes],
    )


def _geojson(told: _Told) -> bytes:
    features: list[dict[str, Any]] = []
    for each in told.fixes:
        segments = _segments(each)
        lines = [part for part in segments if len(part) > 1]  # a line has two ends at least
        features.append(
            _feature(
                "MultiLineString",
                [[[lon, lat] for lon, lat, _ in part] for part in lines],
                kind="track",
                crew_id=each.crew_id,
                name=told.crew(each.crew_id),
                times=[[at for _, _, at in part] for part in lines],
            )
        )
    features += [
        {
            "type": "Feature",
            "geometry": way["geometry"],
            "properties": {
                "kind": "way",
                "crew_id": way["crew_id"],
                "name": told.crew(way["crew_id"]),
                "at": way["at"],
                **way["properties"],
            },
        }
        for way in told.ways
    ]
    features += [
        _feature(
            "Point",
            list(mark["lonlat"]),
            **{name: mark[name] for name in ("kind", "id", "name", "at", "about")},
        )
        for mark in _marks(told)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": told.name,
        "from": told.past["from"],
        "to": told.past["to"],
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(shape: str, coordinates: object, **properties: object) -> dict[str, Any]:
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
