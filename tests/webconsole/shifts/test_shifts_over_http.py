"""Shifts, swaps, staffing and calendar addresses through the HTTP API, and their page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

API = "/api/v1"
Programs = Callable[[Actor], Program]
HOURS = {"from_time": "20:00", "to_time": "08:00"}


@pytest.fixture
def planner(program: Programs, people: People) -> Program:
    """Return the program of somebody who plans the rota."""
    return program(people.sign_up("sue", Role.SUPERVISOR))


@pytest.fixture
def phones(program: Programs, people: People, yard: CrewYard) -> list[tuple[int, Program]]:
    """Return two crews with the programs of their phones."""
    found = []
    for name in ("Alpha", "Bravo"):
        crew_id = yard.put(name, 0, 0)
        found.append((crew_id, program(people.sign_up(name.lower(), Role.CREW, crew_id=crew_id))))
    return found


def tomorrow(services: Services) -> str:
    """Return the day after this one at the desk."""
    return (services.shifts.today() + timedelta(days=1)).isoformat()


def test_a_supervisor_plans_a_rotation_and_a_crew_reads_it(
    planner: Program, phones: list[tuple[int, Program]], services: Services
) -> None:
    """Kind of shift, rotation, one shift changed by hand, one cancelled; what is wrong is named."""
    (alpha, phone), (bravo, _) = phones
    night = told(planner.post(f"{API}/shift-templates", {"name": "Night", **HOURS}))
    wanted = {
        "name": "Nights",
        "starts_on": tomorrow(services),
        "cycle": [[night["id"]], []],
        "crews": [{"crew_id": alpha}, {"crew_id": bravo, "offset_days": 1}],
    }
    made = told(planner.post(f"{API}/rotations", wanted))
    first, second = told(phone.get(f"{API}/shifts?first={tomorrow(services)}"))["shifts"][:2]
    path = f"{API}/shifts/{first['id']}"
    times = {"day": first["day"], "from_time": "21:00", "to_time": "08:00", "reason": "train late"}
    changed = told(planner.put(path, {**times, "expected_version": first["version"]}))
    late = planner.put(path, {**times, "expected_version": first["version"]})
    gone = told(planner.post(f"{API}/shifts/{second['id']}/cancel", {}))

    assert made["added"] == 42
    assert (first["crew_name"], first["from_time"], first["to_time"]) == ("Alpha", "20:00", "08:00")
    assert (changed["from_time"], changed["by_hand"], changed["reason"]) == (
        *("21:00", True, "train late"),
    )
    assert (late.status_code, told(late)["code"]) == (409, "shift_changed")
    assert gone["cancelled"] is True
    assert phone.put(path, times).status_code == 403
    assert refused_fields(planner.post(f"{API}/rotations", {**wanted, "cycle": [[99]]})) == {
        "cycle[0]": "There is no kind of shift 99."
    }
    assert set(refused_fields(planner.post(f"{API}/shifts", {"crew_id": alpha}))) == {"begins_at"}
    kept = planner.delete(f"{API}/shift-templates/{night['id']}")
    assert (kept.status_code, told(kept)["code"]) == (409, "template_used")


def test_a_crew_asks_another_for_a_swap_and_a_supervisor_approves_it(
    planner: Program, phones: list[tuple[int, Program]], services: Services
) -> None:
    """Each of them sees it; the crew that asks cannot approve; asked twice, it is one swap."""
    (alpha, phone), (bravo, other) = phones
    shift = told(
        planner.post(f"{API}/shifts", {"crew_id": alpha, "day": tomorrow(services), **HOURS})
    )
    body = {"with_crew_id": bravo, "client_id": "swap-1"}
    asked = told(phone.post(f"{API}/shifts/{shift['id']}/swaps", body))
    again = told(phone.post(f"{API}/shifts/{shift['id']}/swaps", body))
    early = planner.post(f"{API}/swaps/{asked['id']}/approve", {})
    agreed = told(other.post(f"{API}/swaps/{asked['id']}/agree", {}))
    refused = phone.post(f"{API}/swaps/{asked['id']}/approve", {})
    done = told(planner.post(f"{API}/swaps/{asked['id']}/approve", {}))

    assert again == asked
    assert (early.status_code, told(early)["code"]) == (409, "wrong_state")
    assert agreed["state"] == "agreed"
    assert refused.status_code == 403
    assert (done["state"], done["shift"]["crew_id"]) == ("approved", bravo)
    assert [each["id"] for each in told(other.get(f"{API}/swaps"))["swaps"]] == [asked["id"]]


def test_a_calendar_program_reads_the_shifts_at_a_secret_address(
    planner: Program,
    phones: list[tuple[int, Program]],
    services: Services,
    client: FlaskClient,
) -> None:
    """Without signing in; a new address ends the former; the crew's own, and no other's."""
    (alpha, phone), (bravo, _) = phones
    planner.post(f"{API}/shifts", {"crew_id": alpha, "day": tomorrow(services), **HOURS})
    planner.post(f"{API}/shifts", {"crew_id": bravo, "day": tomorrow(services), **HOURS})
    first = told(phone.post(f"{API}/crews/{alpha}/shift-feed"))["path"]
    second = told(phone.post(f"{API}/crews/{alpha}/shift-feed"))["path"]

    answer = client.get(second)

    assert answer.mimetype == "text/calendar"
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Alpha" in answer.text
    assert "T200000Z" in answer.text  # the test's desk goes by UTC
    assert client.get(first).status_code == 404
    assert phone.post(f"{API}/crews/{bravo}/shift-feed").status_code == 403
    assert told(phone.get(f"{API}/crews/{alpha}/shift-feed"))["path"] is None
    assert told(planner.delete(f"{API}/crews/{alpha}/shift-feed"))["exists"] is False
    assert client.get(second).status_code == 404


def test_addresses_cannot_be_tried_by_the_thousand(client: FlaskClient) -> None:
    """After 120 within a minute whoever asks has to wait."""
    answers = [client.get(f"/shifts/feed/{number}.ics").status_code for number in range(122)]

    assert (answers[0], answers[-1]) == (404, 429)


def test_minimum_staffing_is_asked_for_and_its_gaps_are_listed(
    planner: Program, desk: Program
) -> None:
    """Every night without anybody is one; the desk reads them."""
    rule = {"name": "Nights", **HOURS, "least": 1, "skill": "gas"}
    made = told(planner.post(f"{API}/staffing-rules", rule))
    gaps = told(desk.get(f"{API}/staffing-gaps?days=2"))["gaps"]
    path = f"{API}/staffing-rules/{made['id']}"
    moved = told(planner.put(path, {**rule, "least": 2, "expected_version": 1}))

    assert {(each["name"], each["skill"], each["have"]) for each in gaps} == {("Nights", "gas", 0)}
    assert moved["least"] == 2
    assert desk.post(f"{API}/staffing-rules", rule).status_code == 403
    assert refused_fields(planner.post(f"{API}/staffing-rules", {**rule, "station_id": 9})) == {
        "station_id": "is no station"
    }
    assert told(planner.delete(path))["retired"] is True
    assert told(desk.get(f"{API}/staffing-gaps"))["gaps"] == []


def test_the_desk_hands_over_what_a_crew_leaves(
    desk: Program,
    planner: Program,
    phones: list[tuple[int, Program]],
    yard: CrewYard,
    pin: Callable[..., dict[str, object]],
) -> None:
    """The list names who comes in; one request moves the order; said again it is told again."""
    (alpha, phone), (bravo, _) = phones
    now = yard.clock()
    for crew_id, begin, end in ((alpha, -8, 0.25), (bravo, 0.25, 8)):
        times = {"begins_at": now + timedelta(hours=begin), "ends_at": now + timedelta(hours=end)}
        wanted = {name: each.isoformat() for name, each in times.items()}
        planner.post(f"{API}/shifts", {"crew_id": crew_id, **wanted})
    incident = pin(1, 1)["id"]
    desk.post(f"{API}/incidents/{incident}/assignments", {"crew_id": alpha})
    leaving = told(phone.get(f"{API}/hand-overs"))["leaving"]
    body = {"to_crew_id": bravo, "client_id": "eight"}
    path = f"{API}/crews/{alpha}/hand-over"

    done, again = desk.post(path, body), desk.post(path, body)

    assert [(each["crew_id"], len(each["orders"])) for each in leaving] == [(alpha, 1)]
    assert [each["crew_id"] for each in leaving[0]["incoming"]] == [bravo]
    assert [each["crew_id"] for each in told(done)["handed_over"]] == [bravo]
    assert told(again) == told(done)
    assert phone.post(path, body).status_code == 403
    assert told(desk.get(f"{API}/hand-overs"))["leaving"] == []


def test_the_page_of_shifts_is_for_who_may_read_them(
    browser: Callable[[str], FlaskClient], people: People, phones: list[tuple[int, Program]]
) -> None:
    """A crew has its shifts on its own page."""
    people.sign_up("sam", Role.SUPERVISOR)

    assert 'id="week"' in browser("sam").get("/shifts").text
    assert browser("alpha").get("/shifts").status_code == 403
    assert len(phones) == 2
