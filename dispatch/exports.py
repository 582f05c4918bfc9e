"""Tracks, ways and events for other programs: GPX 1.1 and GeoJSON, every fix as it was reported."""

import json
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select

from dispatch import gpx
from dispatch import tracks
from dispatch.actors import Actor
from dispatch.candidates import CandidateService
from dispatch.errors import N_
from dispatch.errors import Conflict
from dispatch.errors import InvalidInput
from dispatch.replay import Moment
from dispatch.replay import Past
from dispatch.replay import ReplayService
from dispatch.tables import IncidentKind
from dispatch.tracks import LONGEST_SILENCE_S
from dispatch.tracks import Fixes
from dispatch.unit_of_work import UnitOfWork
from dispatch.views import instant

FORMATS = {"gpx": "application/gpx+xml", "geojson": "application/geo+json"}
Runner = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file for somebody to keep."""

    content: bytes
    mimetype: str
    name: str


@dataclass(frozen=True, slots=True)
class _Told:
    """What a file is made of: the past, every fix of its crews, and ways by road."""

    name: str
    past: Mapping[str, Any]
    kinds: Mapping[str, str]
    ways: Sequence[Mapping[str, Any]]
    fixes: Sequence[Fixes]

    def title(self, incident: Mapping[str, Any]) -> str:
        """Return how people name an incident aloud."""
        return f"{self.kinds.get(incident['kind'], incident['kind'])} #{incident['id']}"

    def crew(self, crew_id: int) -> str:
        """Return a crew's name."""
        names = {each["id"]: str(each["name"]) for each in self.past["crews"]}
        return names.get(crew_id, f"#{crew_id}")


class ExportService:
    """Makes files of the past."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        replay: ReplayService,
        candidates: CandidateService,
        blocking: Runner,
    ) -> None:
        self._work = unit_of_work
        self._replay = replay
        self._candidates = candidates
        self._blocking = blocking

    def crew(
        self,
        actor: Actor,
        crew_id: int,
        format_: str,
        *,
        from_: Moment = None,
        to: Moment = None,
        language: str = "en",
    ) -> ExportFile:
        """Return a crew's track and what it did in a period, as it may be replayed.

        Parameters
        ----------
        actor
            Who may replay it: the desk, and the crew itself.
        crew_id
            Which crew.
        format_
            ``gpx`` or ``geojson``.
        from_, to
            The period; the last four hours by default, 24 hours at most.
        language
            Of the names of incident kinds, ``en`` or ``zh``.

        Raises
        ------
        InvalidInput
            On ``from``, also when there are more fixes than a file may hold: none is left out.
        """
        _check(format_)
        past = self._replay.past_of_crew(actor, crew_id, from_, to)
        return self._file(f"crew-{crew_id}", past, format_, language)

    def incident(
        self,
        actor: Actor,
        incident_id: int,
        format_: str,
        *,
        from_: Moment = None,
        to: Moment = None,
        language: str = "en",
    ) -> ExportFile:
        """Return an incident with the tracks of its crews, their ways and what happened."""
        _check(format_)
        past = self._replay.past_of_incident(actor, incident_id, from_, to)
        (incident,) = past.told["incidents"]
        ways = [way for each in past.told["decisions"] if (way := self._way(each, incident))]
        return self._file(f"incident-{incident_id}", past, format_, language, ways)

    def _file(
        self,
        name: str,
        past: Past,
        format_: str,
        language: str,
        ways: Sequence[Mapping[str, Any]] = (),
    ) -> ExportFile:
        period = (past.crew_ids, past.since, past.until)
        label = IncidentKind.name_zh if language == "zh" else IncidentKind.name_en
        with self._work.reading() as session:
            if tracks.interval_s(session, *period) is not None:
                message = N_("more fixes follow than a file may hold: choose a shorter period")
                raise InvalidInput.one("from", message)
            kinds = {row[0]: row[1] for row in session.execute(select(IncidentKind.code, label))}
            fixes = tracks.read_fixes(session, *period)
        content = self._blocking(_content, format_, name, past.told, kinds, ways, fixes)
        file_name = f"nearcrew-{name}-{past.since:%Y%m%dT%H%MZ}.{format_}"
        return ExportFile(content, FORMATS[format_], file_name)

    def _way(
        self, decision: Mapping[str, Any], incident: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return the way that a crew was sent, on the roads of today; None where there is none."""
        chosen = [each for each in decision["candidates"] if each["crew_id"] == decision["crew_id"]]
        if not chosen or chosen[0].get("lon") is None:
            return None
        origin = (chosen[0]["lon"], chosen[0]["lat"])
        try:
            way = self._candidates.between(origin, (incident["lon"], incident["lat"]))
        except (Conflict, InvalidInput):
            return None
        return {**way, "crew_id": decision["crew_id"], "at": decision["decided_at"]}


def _check(format_: str) -> None:
    if format_ not in FORMATS:
        choices = ", ".join(FORMATS)
        raise InvalidInput.one("format", N_("must be one of: %(choices)s"), choices=choices)


def _content(
    format_: str,
    name: str,
    past: Mapping[str, Any],
    kinds: Mapping[str, str],
    ways: Sequence[Mapping[str, Any]],
    fixes: Sequence[tracks.FixRow],
) -> bytes:
    """Write a file: seconds of calculation where there are many fixes."""
    told = _Told(name, past, kinds, ways, tracks.by_crew(fixes))
    return _gpx(told) if format_ == "gpx" else _geojson(told)


def _iso(at_s: float) -> str:
    return instant(datetime.fromtimestamp(at_s, UTC)) or ""


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
        where = _place(event, by_crew.get(event["crew_id"]))
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


def _place(event: Mapping[str, Any], fixes: Fixes | None) -> tuple[float, float] | None:
    """Return where an event was: as its phone said, else where its crew was just then."""
    if not str(event["kind"]).startswith("assignment."):
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
