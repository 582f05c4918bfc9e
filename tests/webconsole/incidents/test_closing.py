"""What the desk decides is kept with its reason, and counts once however often it is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.assignments.models import Decision
from dispatch.bootstrap import Services
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.looking import looking
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

INCIDENTS = "/api/v1/incidents"
Pin = Callable[..., dict[str, Any]]


def kinds(desk: Program, incident_id: int) -> list[str]:
    """Return the kinds of an incident's events."""
    timeline = told(desk.get(f"{INCIDENTS}/{incident_id}/timeline"))
    return [each["kind"] for each in timeline["events"]]


def test_a_report_sent_twice_is_one_incident(desk: Program, grid_city: GridCity) -> None:
    """The form has one name for all its tries."""
    lon, lat = grid_city.at(2, 2)
    body = {"kind": "gas_leak", "lon": lon, "lat": lat, "client_id": "form-1"}

    first, again = desk.post(INCIDENTS, body), desk.post(INCIDENTS, body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert told(first)["id"] == told(again)["id"]


@pytest.mark.parametrize(
    ("before", "what", "kind"),
    [
        ("", "close", "incident.closed"),
        ("", "cancel", "incident.cancelled"),
        ("cancel", "reopen", "incident.reopened"),
    ],
)
def test_a_decision_sent_twice_is_taken_once(
    desk: Program, pin: Pin, before: str, what: str, kind: str
) -> None:
    """Its answer may be lost on the way."""
    path = f"{INCIDENTS}/{pin(2, 2)['id']}"
    if before:
        desk.post(f"{path}/{before}", {"reason": "drill"})
    body = {"reason": "drill", "client_id": "form-2"}

    statuses = [desk.post(f"{path}/{what}", body).status_code for _ in range(2)]

    assert statuses == [200, 200]
    assert kinds(desk, int(path.rsplit("/", 1)[1])).count(kind) == 1


@pytest.mark.parametrize(("before", "what"), [("", "close"), ("", "cancel"), ("close", "reopen")])
def test_what_accompanies_a_decision_is_kept_in_its_event(
    desk: Program, pin: Pin, before: str, what: str
) -> None:
    """Where the decision was taken, when by that clock, and what came of it."""
    path = f"{INCIDENTS}/{pin(2, 2)['id']}"
    if before:
        desk.post(f"{path}/{before}", {"reason": "drill"})
    said = {"reason": "drill over", "result": "meter was read", "lon": 7.4, "lat": 43.7}
    occurred_at = "2026-01-31T08:15:00.000Z"

    answer = desk.post(f"{path}/{what}", {**said, "occurred_at": occurred_at})

    assert answer.status_code == 200
    event = told(desk.get(f"{path}/timeline"))["events"][-1]
    assert event["occurred_at"] == occurred_at
    assert event["data"] == {
        "reason": "drill over",
        "result": "meter was read",
        "lonlat": [7.4, 43.7],
    }


@pytest.mark.parametrize("what", ["close", "cancel", "reopen"])
def test_half_a_place_is_refused(desk: Program, pin: Pin, what: str) -> None:
    """By the name of the other half."""
    answer = desk.post(f"{INCIDENTS}/{pin(2, 2)['id']}/{what}", {"reason": "drill", "lon": 7.4})

    assert set(refused_fields(answer)) == {"lat"}


def test_why_another_crew_was_sent_and_from_which_list_is_kept(
    desk: Program, services: Services, yard: CrewYard, pin: Pin
) -> None:
    """Overruling the recommendation is a right, and its reason worth knowing later."""
    yard.put("Near", 2, 1)
    far = yard.put("Far", 4, 4)
    incident_id = pin(2, 2)["id"]
    body = {"crew_id": far, "radius_m": 100.0, "reason": "They have the pump"}

    answer = desk.post(f"{INCIDENTS}/{incident_id}/assignments", body)

    assert answer.status_code == 201
    with looking(services.engine) as connection:
        kept = connection.execute(select(Decision.candidates)).scalar_one()
    assert kept["reason"] == "They have the pump"
    assert kept["radius_m"] == 100
    timeline = told(desk.get(f"{INCIDENTS}/{incident_id}/timeline"))
    assert timeline["events"][-1]["data"]["reason"] == "They have the pump"


@pytest.mark.parametrize("radius_m", [99, 100_001, "far"])
def test_a_radius_that_no_list_has_is_refused(desk: Program, pin: Pin, radius_m: object) -> None:
    """Before anybody is sent."""
    body = {"crew_id": 1, "radius_m": radius_m}

    answer = desk.post(f"{INCIDENTS}/{pin(2, 2)['id']}/assignments", body)

    assert set(refused_fields(answer)) == {"radius_m"}
