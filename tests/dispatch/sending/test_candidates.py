"""Candidates on a real road network: all inside the radius, judged by road time."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.sending.candidates import WAYS_MEASURED
from dispatch.sending.types import CandidateAnswer
from dispatch.sending.types import CandidatesAnswer
from dispatch.sending.types import SendCrew
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def by_name(answer: CandidatesAnswer) -> dict[str, CandidateAnswer]:
    """Return candidates by crew name."""
    return {each["crew_name"]: each for each in answer["candidates"]}


def test_candidates_come_by_road_time_with_distance_and_age(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """One block straight ahead is 200 m, 20 s; three blocks 600 m, 60 s."""
    yard.put("One", 4.5, 3, fix_age_s=12)
    yard.put("Three", 6.5, 3)

    answer = services.candidates.for_incident(dispatcher, pin(3.5, 3)["id"], 2_000)

    found = by_name(answer)
    assert [each["crew_name"] for each in answer["candidates"]] == ["One", "Three"]
    assert found["One"]["verdict"] == "recommended"
    assert found["One"]["travel_time_s"] == pytest.approx(20, abs=1)
    assert found["One"]["distance_m"] == pytest.approx(200, rel=0.01)
    assert found["One"]["way_length_m"] == pytest.approx(200, abs=1)
    assert found["One"]["fix_age_s"] == 12
    assert found["Three"]["travel_time_s"] == pytest.approx(60, abs=1)
    assert answer["computed_at"] == clock().isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )


def test_the_length_of_the_way_is_told_of_the_best_who_could_set_out_now(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Round one corner 283 m are 400 m by road; a busy crew comes from elsewhere than it stands."""
    incident = pin(5, 5)
    for number in range(WAYS_MEASURED):
        yard.put(f"Near {number}", 4, 4)
    yard.put("Further", 8, 5)
    yard.put("Home", 5, 4, duty=Duty.OFF_DUTY)
    services.sending.send(dispatcher, pin(2, 2)["id"], SendCrew(crew_id=yard.put("Busy", 5, 6)))

    found = by_name(services.candidates.for_incident(dispatcher, incident["id"], 2_000))

    near = [each for name, each in found.items() if name.startswith("Near")]
    assert [each["way_length_m"] for each in near] == pytest.approx([400] * WAYS_MEASURED, abs=1)
    assert [each["distance_m"] for each in near] == pytest.approx([283] * WAYS_MEASURED, abs=1)
    assert [found[name]["way_length_m"] for name in ("Further", "Home", "Busy")] == [None] * 3


def test_a_crew_that_is_driving_away_has_to_turn_round(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """All are 400 m east: 40 s, and 15 s more for turning. Whoever stands has no direction."""
    incident = pin(3.5, 3)
    for name, heading_deg, speed_mps in (
        ("Towards", 270, 8.0),
        ("Away", 90, 8.0),
        ("Standing", 90, 0.4),
    ):
        yard.put(name, 5.5, 3, heading_deg=heading_deg, speed_mps=speed_mps)

    answer = services.candidates.for_incident(dispatcher, incident["id"], 2_000)

    found = by_name(answer)
    times_s = {name: each["travel_time_s"] for name, each in found.items()}
    assert times_s == pytest.approx({"Towards": 40, "Away": 55, "Standing": 40}, abs=1)
    for each in answer["candidates"]:
        way = services.paths.of_crew(dispatcher, incident["id"], each["crew_id"])
        assert way["properties"]["travel_time_s"] == each["travel_time_s"]
        assert way["properties"]["length_m"] == each["way_length_m"]


def test_a_place_off_the_road_is_told_with_the_walk_to_it(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """200 m along the row, then 70 m into the block on foot: 20 s + 70 / 1.4 = 70 s."""
    incident = pin(4.5, 3.35)
    crew_id = yard.put("One", 5.5, 3)

    answer = services.candidates.for_incident(dispatcher, incident["id"], 2_000)
    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    way = services.ways.of_assignment(dispatcher, order["id"], language="en")

    assert by_name(answer)["One"]["travel_time_s"] == pytest.approx(70, abs=0.5)
    assert way["properties"]["travel_time_s"] == by_name(answer)["One"]["travel_time_s"]
    assert way["properties"]["length_m"] == pytest.approx(200, abs=1)
    assert way["properties"]["steps"][-1]["text"] == (
        "Stop here, then walk 70 m; your destination is on the right"
    )


def test_the_radius_is_a_straight_line_and_inclusive_of_all_states(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Off duty and stale crews inside are listed with why; crews outside are not."""
    yard.put("Near", 3, 4)
    yard.put("Home", 4, 4, duty=Duty.OFF_DUTY)
    yard.put("Silent", 2, 4, fix_age_s=301)
    yard.put("Far", 11, 11)

    answer = services.candidates.for_incident(dispatcher, pin(3, 3)["id"], 600)

    verdicts = {name: each["verdict"] for name, each in by_name(answer).items()}
    assert verdicts == {"Near": "recommended", "Home": "excluded", "Silent": "excluded"}
    assert by_name(answer)["Home"]["reasons"] == ["off_duty"]
    assert by_name(answer)["Silent"]["reasons"] == ["stale_fix"]


def test_when_nobody_inside_can_come_the_nearest_five_outside_are_shown_marked(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Six crews out there: the furthest is left out; the one inside is on a break."""
    yard.put("Break", 1, 0, duty=Duty.ON_BREAK)
    for column in range(5, 11):
        yard.put(f"Out {column}", column, 0)

    answer = services.candidates.for_incident(dispatcher, pin(0, 0)["id"], 500)

    found = by_name(answer)
    outside = [name for name, each in found.items() if each["outside_radius"]]
    assert sorted(outside) == ["Out 5", "Out 6", "Out 7", "Out 8", "Out 9"]
    assert found["Out 5"]["verdict"] == "recommended"
    assert "outside_radius" in found["Out 5"]["reasons"]
    assert found["Break"]["verdict"] == "excluded"


def test_a_crew_without_recorded_skills_is_excluded_unless_the_company_says_otherwise(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gas leak needs gas; who can do what of the second crew nobody has said."""
    yard.put("Water", 3, 4, skills=("water",))
    yard.put("Unknown", 4, 4, skills=())
    incident_id = pin(3, 3)["id"]

    strict = by_name(services.candidates.for_incident(dispatcher, incident_id))
    monkeypatch.setattr(services.candidates, "_unrecorded_suffice", True)
    lenient = by_name(services.candidates.for_incident(dispatcher, incident_id))

    assert strict["Water"]["reasons"] == ["lacks_skill"]
    assert strict["Unknown"]["reasons"] == ["skills_unknown"]
    assert {each["verdict"] for each in strict.values()} == {"excluded"}
    assert lenient["Water"]["reasons"] == ["lacks_skill"]
    assert lenient["Unknown"]["verdict"] == "recommended"


def test_a_busy_crew_arrives_after_its_work_from_where_that_is(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Sent 1 block (20 s) + 1800 s work, then 3 blocks from there to here (60 s)."""
    busy = yard.put("Busy", 4.5, 4)
    first, second = pin(5.5, 4), pin(8.5, 4)
    services.sending.send(dispatcher, first["id"], SendCrew(crew_id=busy))

    found = by_name(services.candidates.for_incident(dispatcher, second["id"]))["Busy"]

    assert found["free_in_s"] == pytest.approx(1820, abs=2)
    assert found["travel_time_s"] == pytest.approx(60, abs=1)
    assert found["workload"] == {"active": 1, "queued": 0, "today": 1}
    assert "busy" in found["reasons"]


def test_a_crew_far_from_any_road_is_excluded_as_off_road(
    services: Services, dispatcher: Actor, pin: Pin, grid_city: GridCity, yard: CrewYard
) -> None:
    """South-west of the grid by 3 blocks: 600 m from the nearest street."""
    yard.put("Field", -3, 0)

    answer = services.candidates.for_incident(dispatcher, pin(0, 0)["id"])

    found = by_name(answer)["Field"]
    assert (found["verdict"], found["travel_time_s"], found["eta_at"]) == ("excluded", None, None)
    assert found["reasons"] == ["off_road"]
    assert grid_city.block_m == 200


def test_a_crew_that_never_sent_a_position_is_named_as_unlocated(
    services: Services, dispatcher: Actor, administrator: Actor, pin: Pin
) -> None:
    """It may stand next door: the board says that it does not know."""
    crew_id = services.crews.add(administrator, AddCrew(name="Silent", duty=Duty.ON_DUTY))

    answer = services.candidates.for_incident(dispatcher, pin(0, 0)["id"])

    assert answer["candidates"] == []
    assert answer["unlocated"] == [{"crew_id": crew_id, "crew_name": "Silent"}]


def test_the_route_of_an_order_follows_streets_and_is_as_long_as_they_are(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Two blocks east and three north: 1 000 m, whichever way round."""
    order, _ = services.sending.send(
        dispatcher, pin(6, 6)["id"], SendCrew(crew_id=yard.put("A", 4, 3))
    )

    route = services.ways.of_assignment(dispatcher, order["id"])

    assert route["geometry"]["type"] == "LineString"
    assert route["properties"]["length_m"] == pytest.approx(1_000, rel=0.01)
    assert route["properties"]["travel_time_s"] >= 100
    assert route["geometry"]["coordinates"][-1] == pytest.approx(yard.city.at(6, 6), abs=1e-4)
