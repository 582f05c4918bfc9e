"""Pledges, calendars, weather and clocks through the HTTP API, and their page."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.incidents.types import IncidentAnswer
from dispatch.pledges.presets import PRESETS
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

API = "/api/v1"
Programs = Callable[[Actor], Program]
Pin = Callable[..., IncidentAnswer]
PLEDGE = {
    "name_en": "There in 30 min",
    "name_zh": "30 分钟到场",
    "utility": "gas",
    "start": "pinned",
    "stop": "on_scene",
    "limit_s": 1800.0,
    "pauses": ["no_access"],
}
WEEK = [[["09:00", "18:00"]]] * 5 + [[], []]


@pytest.fixture
def rules(program: Programs, people: People) -> Program:
    """Return the program of somebody who may set rules."""
    return program(people.sign_up("sue", Role.SUPERVISOR))


def test_a_supervisor_adds_changes_and_retires_a_pledge(rules: Program, desk: Program) -> None:
    """Once for each key; the desk reads them; nobody changes what another has just changed."""
    headers = {"Idempotency-Key": "p1"}
    made = told(rules.post(f"{API}/pledges", PLEDGE, headers=headers))
    again = rules.post(f"{API}/pledges", PLEDGE, headers=headers)
    path = f"{API}/pledges/{made['id']}"
    changed = told(rules.put(path, {**PLEDGE, "limit_s": 2400.0, "expected_version": 1}))
    late = rules.put(path, {**PLEDGE, "expected_version": 1})
    listed = told(desk.get(f"{API}/pledges"))["pledges"]
    gone = told(rules.delete(path))

    assert told(again) == made
    assert (made["version"], made["warn_after_s"], made["example"]) == (1, 1350, False)
    assert (changed["version"], changed["limit_s"]) == (2, 2400)
    assert (late.status_code, told(late)["code"]) == (409, "pledge_changed")
    assert listed == [changed]
    assert gone["enabled"] is False
    assert told(rules.get(f"{API}/pledges"))["pledges"] == []
    assert rules.delete(f"{API}/pledges/999").status_code == 404
    assert desk.post(f"{API}/pledges", PLEDGE).status_code == 403
    assert desk.put(path, PLEDGE).status_code == desk.delete(path).status_code == 403


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kinds", {"kinds": ["fire"]}),
        ("kinds", {"kinds": ["water_leak"]}),
        ("zone_id", {"zone_id": 99}),
        ("calendar", {"calendar": "moon"}),
        ("limit_s", {"limit_s": 0}),
        ("to_time", {"from_time": "08:00"}),
        ("from_time", {"from_time": "8 o'clock", "to_time": "09:00"}),
        ("season_from", {"season_to": "03-15"}),
        ("warn_share", {"warn_share": 0.5, "warn_before_s": 300.0}),
        ("target_share", {"target_share": 97.0}),
        ("asset_below_mm", {"asset_from_mm": 100.0, "asset_below_mm": 100.0}),
        ("stop", {"stop": "some_day"}),
    ],
)
def test_what_cannot_be_pledged_is_named(
    rules: Program, field: str, values: dict[str, Any]
) -> None:
    """The field, whatever else is right."""
    assert set(refused_fields(rules.post(f"{API}/pledges", {**PLEDGE, **values}))) == {field}


def test_examples_hold_only_once_switched_on_and_name_their_source(
    rules: Program, desk: Program
) -> None:
    """What is edited is the utility's own; what is switched off stays as it was."""
    none = told(desk.get(f"{API}/pledges"))
    path = f"{API}/pledges/presets/gas_de_30"
    on = told(rules.put(path, {"enabled": True}))
    (pledge,) = on["pledges"]
    told(rules.put(path, {"enabled": True}))
    off = told(rules.put(path, {"enabled": False}))

    assert none["pledges"] == []
    assert {each["code"] for each in none["presets"]} == {each.code for each in PRESETS}
    assert all(each["source"] and each["source_date"] for each in none["presets"])
    assert not any(each["enabled"] for each in none["presets"])
    assert (pledge["example"], pledge["enabled"]) == (True, True)
    assert pledge["source"] == "DVGW GW 1200 (Germany)"
    assert [(each["id"], each["enabled"]) for each in off["pledges"]] == [(pledge["id"], False)]
    own = told(rules.put(f"{API}/pledges/{pledge['id']}", {**PLEDGE, "limit_s": 1500.0}))
    assert own["example"] is False
    assert rules.put(f"{API}/pledges/presets/unheard_of", {"enabled": True}).status_code == 404
    assert desk.put(path, {"enabled": True}).status_code == 403


def test_a_calendar_is_set_as_a_whole(rules: Program, desk: Program) -> None:
    """With a holiday and a Saturday that is worked; the shipped one is there until then."""
    shipped = told(desk.get(f"{API}/calendars"))["calendars"]
    body = {
        "name_en": "City",
        "name_zh": "城市",
        "weekly": WEEK,
        "exceptions": {
            "2026-10-01": {"name": "国庆节"},
            "2026-10-10": {"name": "调休", "hours": [["09:00", "12:00"], ["13:00", "18:00"]]},
        },
    }

    made = told(rules.put(f"{API}/calendars/city", body))
    same = told(rules.put(f"{API}/calendars/city", body))

    assert [(each["code"], each["version"]) for each in shipped] == [("office", 0)]
    assert made == same
    assert made["exceptions"]["2026-10-01"] == {"name": "国庆节", "hours": []}
    assert [each["code"] for each in told(desk.get(f"{API}/calendars"))["calendars"]] == [
        *("office", "city")
    ]
    overlapping = [[["09:00", "12:00"], ["11:00", "18:00"]], *WEEK[1:]]
    path = f"{API}/calendars/city"
    for field, wrong in (
        ("weekly[0]", {**body, "weekly": overlapping}),
        ("weekly", {**body, "weekly": [[]] * 7}),
        ("exceptions[2026-02-30]", {**body, "exceptions": {"2026-02-30": {}}}),
    ):
        assert set(refused_fields(rules.put(path, wrong))) == {field}
    assert set(refused_fields(rules.put(f"{API}/calendars/No!", body))) == {"code"}
    assert desk.put(path, body).status_code == 403


def test_the_desk_declares_the_weather_and_new_clocks_go_by_it(
    rules: Program, desk: Program, pin: Pin, services: Services
) -> None:
    """A clock that runs keeps the weather of its start; the log says who declared it."""
    storm = {**PLEDGE, "weather": ["storm_1"], "limit_s": 7200.0}
    told(rules.post(f"{API}/pledges", PLEDGE))
    told(rules.post(f"{API}/pledges", storm))
    before = pin(1, 1)["id"]
    body = {"utility": "gas", "weather": "storm_1", "reason": "gusts", "client_id": "w1"}

    declared = told(desk.put(f"{API}/weather", body))
    told(desk.put(f"{API}/weather", body))
    after = pin(1, 1)["id"]

    assert (declared["weather"], declared["zone_id"], declared["declared_by"]) == (
        *("storm_1", None, "dora"),
    )
    limits = [
        told(desk.get(f"{API}/incidents/{each}"))["clocks"][0]["limit_s"]
        for each in (before, after)
    ]
    assert limits == [1800, 7200]
    kinds = [each["kind"] for each in services.events.read_after(0)]
    assert kinds.count("weather.declared") == 1
    assert told(desk.get(f"{API}/weather"))["weather"] == [declared]
    assert set(
        refused_fields(desk.put(f"{API}/weather", {**body, "zone_id": 9, "client_id": "w2"}))
    ) == {"zone_id"}


def test_clocks_are_read_paused_and_resumed_by_the_desk(  # noqa: PLR0917  (who, what, when)
    rules: Program,
    desk: Program,
    program: Programs,
    pin: Pin,
    people: People,
    yard: CrewYard,
    services: Services,
    clock: SettableClock,
) -> None:
    """In the documented shape; a crew may not."""
    told(rules.post(f"{API}/pledges", PLEDGE))
    incident_id = pin(1, 1)["id"]
    path = f"{API}/incidents/{incident_id}/clocks"
    (shown,) = told(desk.get(path))["clocks"]
    one = f"{path}/{shown['id']}"
    crew = program(people.sign_up("cruz", Role.CREW, crew_id=yard.put("Crew", 1, 1)))

    paused = told(desk.post(f"{one}/pause", {"reason": "no_access", "note": "dog"}))
    refused = desk.post(f"{one}/pause", {"reason": "no_access"})
    resumed = told(desk.post(f"{one}/resume", {}))
    clock.forward(1900)
    services.deadlines.run_due()
    caused = told(desk.post(f"{one}/cause", {"cause": "other", "note": "flood"}))

    assert (shown["state"], shown["may_pause_for"]) == ("running", ["no_access"])
    assert (paused["state"], paused["left_s"]) == ("paused", 1800)
    assert (refused.status_code, told(refused)["code"]) == (409, "wrong_state")
    assert resumed["state"] == "running"
    assert (caused["cause"], caused["cause_by"]) == ("other", "dora")
    assert crew.get(path).status_code == crew.post(f"{one}/resume", {}).status_code == 403
    assert desk.get(f"{API}/incidents/99/clocks").status_code == 404


def test_the_history_is_asked_for_what_was_missed(
    rules: Program, desk: Program, pin: Pin, clock: SettableClock
) -> None:
    """By the verdict of any of its pledges."""
    told(rules.post(f"{API}/pledges", PLEDGE))
    early, late = pin(1, 1)["id"], pin(2, 1)["id"]
    told(desk.post(f"{API}/incidents/{early}/close", {"reason": "false alarm"}))
    clock.forward(1900)
    told(desk.post(f"{API}/incidents/{late}/close", {"reason": "false alarm"}))

    def found(verdict: str) -> list[int]:
        answer = told(desk.get(f"{API}/history/incidents?pledge={verdict}"))
        return [each["id"] for each in answer["incidents"]]

    assert (found("breached"), found("kept")) == ([late], [])


def test_the_page_shows_sources_and_switches_examples(
    browser: Callable[[str], FlaskClient], people: People, dispatcher: Actor
) -> None:
    """Whoever may set rules; the others see them."""
    people.sign_up("sue", Role.SUPERVISOR)
    client, other = browser("sue"), browser(dispatcher.username)
    token = csrf_token(client, "/pledges")

    empty = client.get("/pledges").text
    answer = client.post("/pledges/presets/gas_de_30", data={"csrf_token": token, "enabled": "yes"})
    page = client.get("/pledges").text

    assert "Nothing is pledged yet" in empty
    assert "DVGW GW 1200" in empty
    assert answer.status_code == 303
    assert "Switch off: Gas hazard: there in 30 min" in page
    assert "Switch on" not in other.get("/pledges").text
    form = {"csrf_token": csrf_token(other, "/pledges"), "utility": "gas", "weather": "storm_2"}
    assert other.post("/pledges/weather", data=form).status_code == 303
    assert 'value="storm_2" selected' in other.get("/pledges").text
