"""Exports hold what was stored: read back by other means and compared with the tables."""

import json
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch import bootstrap
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.positions import tracks
from dispatch.records.types import AddPhoto
from dispatch.replay.exports import ExportFile
from dispatch.replay.types import Format
from dispatch.sending.types import SendCrew
from dispatch.settings import Settings
from dispatch.writes.command import Step
from tests.conftest import CHEAP_HASHER
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.pictures import decode_waiting
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import exif

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
GPX = "{http://www.topografix.com/GPX/1/1}"
# The order in which the schema wants the children that we write (gpxType, wptType, trkType, …).
ORDER = {
    "gpx": ["metadata", "wpt", "rte", "trk"],
    "metadata": ["name", "time"],
    "wpt": ["time", "name", "desc", "type"],
    "rte": ["name", "rtept"],
    "rtept": [],
    "trk": ["name", "trkseg"],
    "trkseg": ["trkpt"],
    "trkpt": ["time"],
}


def parsed(file: ExportFile) -> ET.Element:
    """Return a GPX file as XML."""
    assert file.mimetype == "application/gpx+xml"
    return ET.fromstring(file.content)  # noqa: S314  (our own, just made)


def complaints(element: ET.Element) -> list[str]:
    """Return what the schema would hold against the structure of a GPX element."""
    name = element.tag.removeprefix(GPX)
    if name not in ORDER:
        return [] if not len(element) else [f"{name} has children"]
    places = [child.tag.removeprefix(GPX) for child in element]
    wrong = [f"{child} in {name}" for child in places if child not in ORDER[name]]
    if not wrong and places != sorted(places, key=ORDER[name].index):
        wrong = [f"{name} in the order {places}"]
    if name in {"wpt", "rtept", "trkpt"}:
        lon, lat = float(element.attrib["lon"]), float(element.attrib["lat"])
        wrong += [] if -180 <= lon < 180 and -90 <= lat <= 90 else [f"{name} at {lon}, {lat}"]
    return wrong + [each for child in element for each in complaints(child)]


def stored(engine: Engine, crew_id: int) -> list[tuple[datetime, float, float]]:
    """Return a crew's usable fixes straight from the table."""
    query = text(
        "SELECT fixed_at, ST_X(point), ST_Y(point) FROM position_report"
        " WHERE crew_id = :crew AND refusal IS NULL ORDER BY fixed_at"
    )
    with engine.connect() as connection:
        rows = connection.execute(query, {"crew": crew_id})
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.fixture
def job(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> tuple[int, int]:
    """Let a crew drive to an incident with a silence on the way; return the incident, the crew."""
    crew_id = yard.put("Crew <1> & \x01 一班", 9, 2)
    incident_id = pin(2, 2, caller_name="Wang", caller_phone="138", address="<Rue> & 1")["id"]
    order, _ = services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))
    for action in ("accept", "depart"):
        services.assignments.act(dispatcher, order["id"], Action(action), Step())
    for step in range(40):
        clock.forward(600 if step == 20 else 2)
        yard.move(crew_id, 9 - 7 * step / 40, 2)
    lon, lat = yard.city.at(2, 2)
    services.assignments.act(dispatcher, order["id"], Action.ARRIVE, Step(lon=lon, lat=lat))
    picture = encoded(drawn(), exif=exif(lonlat=(lon, lat)))
    services.photos.add(dispatcher, incident_id, AddPhoto(photo=picture, caption="Valve"))
    decode_waiting(services)
    return incident_id, crew_id


@pytest.mark.parametrize("of", ["crew", "incident"])
def test_gpx_read_back_is_what_was_stored_fix_by_fix(
    services: Services,
    dispatcher: Actor,
    owner_engine: Engine,
    job: tuple[int, int],
    clock: SettableClock,
    of: str,
) -> None:
    """With its times, broken where the crew was silent for ten minutes, in the schema's order."""
    incident_id, crew_id = job
    clock.forward(3600)
    file = (
        services.exports.crew(dispatcher, crew_id, "gpx")
        if of == "crew"
        else services.exports.incident(dispatcher, incident_id, "gpx")
    )

    root = parsed(file)

    assert complaints(root) == []
    assert (root.attrib["version"], root.attrib["creator"]) == ("1.1", "Nearcrew")
    made_at = datetime.fromisoformat(root.findtext(f"{GPX}metadata/{GPX}time", ""))
    assert made_at == clock()
    segments = root.findall(f"{GPX}trk/{GPX}trkseg")
    assert [len(each) for each in segments] == [21, 20]
    read: list[Any] = [
        (
            datetime.fromisoformat(point.findtext(f"{GPX}time", "")),
            pytest.approx(float(point.attrib["lon"]), abs=1e-7),
            pytest.approx(float(point.attrib["lat"]), abs=1e-7),
        )
        for segment in segments
        for point in segment
    ]
    assert stored(owner_engine, crew_id) == read
    kinds = [each.findtext(f"{GPX}type") for each in root.findall(f"{GPX}wpt")]
    assert kinds == [
        *("incident", "assignment.offered", "assignment.accepted", "assignment.departed"),
        *("assignment.arrived", "photo"),
    ]
    assert len(root.findall(f"{GPX}rte")) == (1 if of == "incident" else 0)
    assert root.findtext(f"{GPX}trk/{GPX}name") == "Crew <1> & \ufffd 一班"
    assert b"Wang" not in file.content
    assert file.name.startswith(f"nearcrew-{of}-")
    assert file.name.endswith("Z.gpx")


def test_geojson_holds_the_same_longitude_first(
    services: Services, dispatcher: Actor, owner_engine: Engine, job: tuple[int, int]
) -> None:
    """Tracks with a time for each point, ways, places of events."""
    incident_id, crew_id = job

    file = services.exports.incident(dispatcher, incident_id, "geojson", language="zh")
    told = json.loads(file.content)

    assert file.mimetype == "application/geo+json"
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for feature in told["features"]:
        by_kind.setdefault(feature["properties"]["kind"], []).append(feature)
    (track,) = by_kind["track"]
    points = [point for line in track["geometry"]["coordinates"] for point in line]
    times = [time for line in track["properties"]["times"] for time in line]
    fixes = stored(owner_engine, crew_id)
    assert points == [pytest.approx([lon, lat]) for _, lon, lat in fixes]
    assert [datetime.fromisoformat(each) for each in times] == [at for at, _, _ in fixes]
    (way,) = by_kind["way"]
    # From column 9 to column 2 of the grid along one street.
    assert way["properties"]["length_m"] > 0
    assert by_kind["incident"][0]["properties"]["name"] == f"燃气泄漏 #{incident_id}"
    assert by_kind["assignment.arrived"][0]["geometry"]["coordinates"] == pytest.approx(
        by_kind["incident"][0]["geometry"]["coordinates"]
    )
    assert "Wang" not in file.content.decode()


def test_an_empty_period_is_a_valid_file(
    services: Services, dispatcher: Actor, yard: CrewYard
) -> None:
    """Nothing was reported: no track, no error."""
    crew_id = yard.put("A", 1, 1)
    began = datetime(2026, 1, 1, tzinfo=UTC)
    period = (began, began + timedelta(hours=1))

    root = parsed(services.exports.crew(dispatcher, crew_id, "gpx", from_=period[0], to=period[1]))
    told = json.loads(
        services.exports.crew(dispatcher, crew_id, "geojson", from_=period[0], to=period[1]).content
    )

    assert complaints(root) == []
    assert root.findall(f"{GPX}trk") == []
    assert told["features"] == []


def test_a_crew_exports_itself_and_nothing_else(
    people: People, job: tuple[int, int], yard: CrewYard
) -> None:
    """As it may replay."""
    services, (incident_id, crew_id) = people.services, job
    own = people.sign_up("own", Role.CREW, crew_id=crew_id)
    other = people.sign_up("other", Role.CREW, crew_id=yard.put("B", 1, 1))

    assert len(parsed(services.exports.crew(own, crew_id, "gpx")).findall(f"{GPX}trk")) == 1
    with pytest.raises(NotAllowed):
        services.exports.crew(other, crew_id, "gpx")
    with pytest.raises(NotAllowed):
        services.exports.incident(own, incident_id, "gpx")


def test_more_fixes_than_a_file_may_hold_are_refused_and_none_is_left_out(
    services: Services,
    dispatcher: Actor,
    job: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file that promises every fix is not thinned; the crew of the story has 41."""
    incident_id, crew_id = job
    monkeypatch.setattr(tracks, "MOST_FIXES", 40)

    for export, number in (
        (services.exports.crew, crew_id),
        (services.exports.incident, incident_id),
    ):
        with pytest.raises(InvalidInput) as error:
            export(dispatcher, number, "gpx")
        assert [each.field for each in error.value.fields] == ["from"]
    monkeypatch.setattr(tracks, "MOST_FIXES", 41)
    assert services.exports.crew(dispatcher, crew_id, "gpx").content


@pytest.mark.parametrize("format_", ["gpx", "geojson"])
def test_a_file_is_written_where_slow_work_belongs_and_no_replay_is_drawn_for_it(
    settings: Settings,
    services: Services,  # noqa: ARG001  (its roads are measured, its tables emptied)
    clock: SettableClock,
    dispatcher: Actor,
    job: tuple[int, int],
    format_: Format,
) -> None:
    """A worker answers everybody else meanwhile."""
    given = []

    def elsewhere(_: object, *arguments: object) -> bytes:
        given.append(arguments)
        return b"written elsewhere"

    built = bootstrap.build(settings, clock=clock, hasher=CHEAP_HASHER, blocking=elsewhere)
    file = built.exports.crew(dispatcher, job[1], format_)
    built.close()

    assert (file.content, len(given)) == (b"written elsewhere", 1)
