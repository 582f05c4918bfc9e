"""The main job through the HTTP API alone, every answer held against its documented shape."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter
from werkzeug.test import TestResponse

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import MeAnswer
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.types import AssignmentsAnswer
from dispatch.board.types import EventsAnswer
from dispatch.crews.station_types import StationPageAnswer
from dispatch.crews.types import CrewAnswer
from dispatch.crews.types import CrewsAnswer
from dispatch.crews.types import CrewTrackAnswer
from dispatch.ground.types import GroundAnswer
from dispatch.incidents.types import IncidentAnswer
from dispatch.incidents.types import IncidentsAnswer
from dispatch.incidents.types import KindsAnswer
from dispatch.incidents.types import ReportsAnswer
from dispatch.positions.types import PositionResultsAnswer
from dispatch.sending.path_types import WayAnswer
from dispatch.sending.types import CandidatesAnswer
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.orders import REPAIRED
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

Programs = Callable[[Actor], Program]
API = "/api/v1"


def shaped(answer: TestResponse, model: Any, status: int = 200) -> Any:  # noqa: ANN401
    """Return an answer's JSON once it fits its model, strictly and without a stray member."""
    assert answer.status_code == status, answer.text
    found = TypeAdapter(model).validate_json(answer.data, strict=True)
    assert not getattr(found, "model_extra", None)
    return told(answer)


@pytest.fixture
def leak(grid_city: GridCity) -> dict[str, object]:
    """Return a gas leak's body."""
    lon, lat = grid_city.at(2, 2)
    return {"kind": "gas_leak", "lon": lon, "lat": lat, "address": "Row 2"}


def test_from_the_call_to_the_closed_incident(
    desk: Program,
    program: Programs,
    people: People,
    yard: CrewYard,
    leak: dict[str, object],
) -> None:
    """Pin, judge, send, accept, drive, arrive, complete, close; the timeline tells it all."""
    crew_id = yard.put("Gas 1", 1, 1)
    phone = program(people.sign_up("gas1", Role.CREW, crew_id=crew_id))

    pinned = desk.post(f"{API}/incidents", leak)
    incident = shaped(pinned, IncidentAnswer, 201)
    assert pinned.headers["Location"] == f"{API}/incidents/{incident['id']}"

    judged = shaped(
        desk.get(f"{API}/incidents/{incident['id']}/candidates?radius_m=2000"), CandidatesAnswer
    )
    assert [each["verdict"] for each in judged["candidates"]] == ["recommended"]

    sent = desk.post(
        f"{API}/incidents/{incident['id']}/assignments",
        {"crew_id": crew_id, "expected_version": judged["incident_version"]},
    )
    order = shaped(sent, AssignmentAnswer, 201)
    assert sent.headers["Location"] == f"{API}/assignments/{order['id']}"

    ringing = told(phone.get(f"{API}/crews/{crew_id}/assignments"))["assignments"]
    assert [each["incident"]["address"] for each in ringing] == ["Row 2"]
    path = f"{API}/assignments/{order['id']}"
    way = told(phone.get(f"{path}/route"))
    assert way["geometry"]["type"] == "LineString"
    assert way["properties"]["length_m"] == pytest.approx(400, abs=2)  # two blocks of 200 m

    states = [
        shaped(phone.post(f"{path}/accept"), AssignmentAnswer)["state"],
        shaped(phone.post(f"{path}/depart", {}), AssignmentAnswer)["state"],
        shaped(phone.post(f"{path}/arrive", {}), AssignmentAnswer)["state"],
        shaped(phone.post(f"{path}/complete", REPAIRED), AssignmentAnswer)["state"],
    ]
    assert states == ["accepted", "en_route", "on_scene", "completed"]

    assert told(desk.get(f"{API}/incidents/{incident['id']}"))["state"] == "resolved"
    closed = shaped(desk.post(f"{API}/incidents/{incident['id']}/close", {}), IncidentAnswer)
    assert closed["state"] == "closed"
    done = shaped(desk.get(f"{API}/crews/{crew_id}/assignments?live=0"), AssignmentsAnswer)
    assert [each["incident"]["id"] for each in done["assignments"]] == [incident["id"]]
    shaped(desk.get(f"{API}/incidents/{incident['id']}/reports"), ReportsAnswer)
    events = shaped(desk.get(f"{API}/incidents/{incident['id']}/timeline"), EventsAnswer)
    assert [each["kind"] for each in events["events"]] == [
        "incident.created",
        "assignment.offered",
        "assignment.accepted",
        "assignment.departed",
        "assignment.arrived",
        "check_in.started",
        "assignment.completed",
        "incident.closed",
    ]


def test_a_repeated_key_gives_the_same_answer_and_says_so(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """A lost answer is asked for again; nobody is sent twice."""
    path, crew_id = f"{API}/incidents/{pin(2, 2)['id']}/assignments", yard.put("A", 1, 1)
    key = {"Idempotency-Key": "3f0c"}

    first = desk.post(path, {"crew_id": crew_id}, headers=key)
    again = desk.post(path, {"crew_id": crew_id}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert told(first) == told(again)
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"


def test_a_key_for_another_request_is_409(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """A client that reuses keys must not believe that its second order was sent."""
    path = f"{API}/incidents/{pin(2, 2)['id']}/assignments"
    one, two = yard.put("A", 1, 1), yard.put("B", 3, 1)
    key = {"Idempotency-Key": "3f0c"}
    desk.post(path, {"crew_id": one}, headers=key)

    answer = desk.post(path, {"crew_id": two}, headers=key)

    assert (answer.status_code, told(answer)["code"]) == (409, "idempotency_mismatch")


def test_the_loser_of_a_race_is_told_who_was_faster(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """And may queue behind."""
    crew_id, first, second = yard.put("A", 1, 1), pin(2, 2), pin(3, 3)
    desk.post(f"{API}/incidents/{first['id']}/assignments", {"crew_id": crew_id})
    path = f"{API}/incidents/{second['id']}/assignments"

    taken = desk.post(path, {"crew_id": crew_id})
    queued = desk.post(path, {"crew_id": crew_id, "queue": True})

    assert (taken.status_code, told(taken)["code"]) == (409, "crew_taken")
    assert first["id"] in told(taken).values()
    assert told(queued)["rank"] == 1


def test_the_same_crew_twice_is_409_already_assigned(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """Without a key, too: the constraint is the last guard."""
    path, crew_id = f"{API}/incidents/{pin(2, 2)['id']}/assignments", yard.put("A", 1, 1)
    desk.post(path, {"crew_id": crew_id})

    answer = desk.post(path, {"crew_id": crew_id})

    assert (answer.status_code, told(answer)["code"]) == (409, "already_assigned")


def test_a_changed_incident_is_409_when_the_version_was_named(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """Two desks send two crews to one leak: the second should look again first."""
    incident, one, two = pin(2, 2), yard.put("A", 1, 1), yard.put("B", 3, 1)
    path, version = f"{API}/incidents/{incident['id']}/assignments", incident["version"]
    desk.post(path, {"crew_id": one, "expected_version": version})

    answer = desk.post(path, {"crew_id": two, "expected_version": version})

    assert (answer.status_code, told(answer)["code"]) == (409, "incident_changed")


def test_steps_out_of_order_are_409_and_change_nothing(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """Arrive before accept."""
    path, crew_id = f"{API}/incidents/{pin(2, 2)['id']}/assignments", yard.put("A", 1, 1)
    sent = told(desk.post(path, {"crew_id": crew_id}))
    order = told(desk.get(f"{API}/assignments/{sent['id']}"))

    answer = desk.post(f"{API}/assignments/{order['id']}/arrive", {})

    assert (answer.status_code, told(answer)["code"]) == (409, "wrong_state")
    assert told(desk.get(f"{API}/assignments/{order['id']}")) == order


def test_steps_carry_the_actors_clock_and_are_read_strictly(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]], clock: SettableClock
) -> None:
    """A phone that was offline says when it happened; a time without a zone says nothing."""
    path, crew_id = f"{API}/incidents/{pin(2, 2)['id']}/assignments", yard.put("A", 1, 1)
    order = told(desk.post(path, {"crew_id": crew_id}))
    accept = f"{API}/assignments/{order['id']}/accept"
    clock.forward(60)

    naive = desk.post(accept, {"occurred_at": "2026-01-31T08:15:00"})
    aware = desk.post(accept, {"occurred_at": (clock() - timedelta(seconds=30)).isoformat()})

    assert refused_fields(naive) == {"occurred_at": "must say its time zone, such as Z or +08:00"}
    assert told(aware)["state"] == "accepted"


def test_each_fix_of_a_batch_has_its_own_result(
    desk: Program, program: Programs, integration: Actor, yard: CrewYard, clock: SettableClock
) -> None:
    """One bad fix never holds up the others; a clock a day ahead is kept and not used."""
    crew_id, (lon, lat) = yard.put("A", 1, 1, fix_age_s=60), yard.city.at(1, 1)
    at = [(clock() + timedelta(seconds=each)).isoformat() for each in (-2, -1, 86_400)]
    fixes = [
        {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": at[0], "unknown": "ignored"},
        {"crew_id": crew_id, "lon": lat, "lat": 143.7, "fixed_at": at[1]},
        {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": at[2]},
        {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": at[0]},
        "nonsense",
    ]

    answer = program(integration).post(f"{API}/positions", {"positions": fixes})

    results = shaped(answer, PositionResultsAnswer)["results"]
    statuses = [each["status"] for each in results]
    assert statuses == ["used", "refused", "kept", "duplicate", "refused"]
    assert [each["field"] for each in results[1]["errors"]] == ["lat"]
    assert told(desk.get(f"{API}/crews/{crew_id}"))["fixed_at"].startswith(at[0][:19])
    numbers = desk.get("/metrics").text
    for status, number in Counter(statuses).items():
        assert f'nearcrew_positions_total{{status="{status}"}} {number}.0' in numbers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"positions": []}', "positions"),
        ('{"positions": 5}', "positions"),
        ("{}", "positions"),
        ('{"positions": [' + ",".join(["{}"] * 1001) + "]}", "positions"),
    ],
)
def test_a_batch_is_a_list_of_1_to_1000(
    program: Programs, integration: Actor, body: str, field: str
) -> None:
    """Beyond that a device sends in parts."""
    answer = program(integration).post(f"{API}/positions", data=body)

    assert set(refused_fields(answer)) == {field}


def test_what_the_board_reads_has_its_documented_shape(desk: Program, yard: CrewYard) -> None:
    """Lists, the ground and its stations, ways and tracks."""
    crew_id, (lon, lat) = yard.put("A", 1, 1), yard.city.at(4, 4)

    shaped(desk.get(f"{API}/me"), MeAnswer)
    shaped(desk.get(f"{API}/crews/{crew_id}"), CrewAnswer)
    shaped(desk.put(f"{API}/crews/{crew_id}/duty", {"duty": "on_break"}), CrewAnswer)
    shaped(desk.get(f"{API}/crews/{crew_id}/assignments?live=0"), AssignmentsAnswer)
    shaped(desk.get(f"{API}/crews"), CrewsAnswer)
    shaped(desk.get(f"{API}/incidents"), IncidentsAnswer)
    shaped(desk.get(f"{API}/kinds"), KindsAnswer)
    shaped(desk.get(f"{API}/stations"), StationPageAnswer)
    shaped(desk.get(f"{API}/ground"), GroundAnswer)
    shaped(desk.get(f"{API}/crews/{crew_id}/track"), CrewTrackAnswer)
    route = desk.get(f"{API}/routes?from={lon},{lat}&to={lon},{lat + 0.004}")
    shaped(route, WayAnswer)
    assert route.mimetype == "application/geo+json"
    assert "steps" not in told(route)["properties"]


def test_a_way_is_told_step_by_step_in_the_language_of_the_one_who_drives(
    desk: Program, yard: CrewYard
) -> None:
    """Two streets of the grid and one turn between them, the destination at the end."""
    lon, lat = yard.city.at(1, 1)
    to_lon, to_lat = yard.city.at(3, 4)
    path = f"{API}/routes?from={lon},{lat}&to={to_lon},{to_lat}&guidance=1"

    english = desk.get(path)
    chinese = told(desk.get(path, headers={"Accept-Language": "zh-CN"}))

    way = shaped(english, WayAnswer)
    steps = way["properties"]["steps"]
    assert [steps[0]["kind"], steps[-1]["kind"]] == ["depart", "arrive"]
    assert "turn" in [step["kind"] for step in steps]
    assert sum(step["distance_m"] for step in steps) == pytest.approx(
        way["properties"]["length_m"], abs=1
    )
    assert [step["kind"] for step in chinese["properties"]["steps"]] == [
        step["kind"] for step in steps
    ]
    assert all(step["text"].isascii() for step in steps)
    assert not any(step["text"].isascii() for step in chinese["properties"]["steps"])


def test_the_preview_of_a_way_shows_other_sensible_ones_when_asked(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """At most two; none of them by default."""
    crew_id, incident = yard.put("A", 0, 0), pin(4, 4)
    path = f"{API}/incidents/{incident['id']}/candidates/{crew_id}/route"

    fastest = shaped(desk.get(path), WayAnswer)
    way = shaped(desk.get(f"{path}?alternatives=1"), WayAnswer)

    assert "alternatives" not in fastest["properties"]
    others = way["properties"].pop("alternatives")
    assert {name: way["properties"][name] for name in fastest["properties"]} == fastest[
        "properties"
    ]
    assert way["properties"].keys() - fastest["properties"].keys() == {"by", "via"}
    assert len(others) <= 2
    assert all(other["travel_time_s"] >= fastest["properties"]["travel_time_s"] for other in others)


def test_incidents_are_listed_by_state_and_page_by_page(
    desk: Program, pin: Callable[..., dict[str, object]]
) -> None:
    """Newest first; the next page begins before the last one seen."""
    ids = [pin(2, 2)["id"], pin(3, 2)["id"], pin(4, 2)["id"]]
    desk.post(f"{API}/incidents/{ids[0]}/cancel", {"reason": "false alarm"})

    def listed(query: str) -> list[object]:
        found = told(desk.get(f"{API}/incidents?{query}"))["incidents"]
        return [each["id"] for each in found]

    assert listed("") == [ids[2], ids[1]]
    assert listed("state=cancelled") == [ids[0]]
    assert listed("state=open, cancelled&limit=2") == [ids[2], ids[1]]
    assert listed(f"state=open,cancelled&before_id={ids[1]}") == [ids[0]]
    assert set(refused_fields(desk.get(f"{API}/incidents?state=burning"))) == {"state"}
    assert set(refused_fields(desk.get(f"{API}/incidents?limit=0"))) == {"limit"}


def test_nothing_personal_is_kept_on_the_way(desk: Program) -> None:
    """Neither proxies nor a shared desk's browser keep answers of the API."""
    assert desk.get(f"{API}/crews").headers["Cache-Control"] == "no-store"


def test_tiles_are_compressed_tagged_and_private(desk: Program) -> None:
    """Asked for again they cost a 304."""
    path = "/tiles/14/8528/5973.mvt?g=1"

    tile = desk.get(path, headers={"Accept-Encoding": "gzip"})
    again = desk.get(path, headers={"If-None-Match": tile.headers["ETag"]})

    assert tile.status_code == 200
    assert tile.mimetype == "application/vnd.mapbox-vector-tile"
    assert tile.headers["Cache-Control"].startswith("private")
    assert again.status_code == 304
    assert again.data == b""


def test_numbers_for_prometheus_name_endpoints_not_addresses(desk: Program) -> None:
    """Ids in labels would grow without end."""
    desk.get(f"{API}/incidents/987654321012")

    text = desk.get("/metrics").text

    assert 'endpoint="incidents.get_incident"' in text
    assert "987654321012" not in text


def test_numbers_for_prometheus_name_no_made_up_methods(desk: Program) -> None:
    """Anybody may send any word as a method; each would be a series of its own."""
    desk.client.open("/healthz", method="NONSENSE")

    text = desk.get("/metrics").text

    assert 'method="other"' in text
    assert "NONSENSE" not in text
