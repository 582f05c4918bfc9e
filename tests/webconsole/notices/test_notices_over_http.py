"""Notices over HTTP: read by the crew, confirmed once, and shown with the order to the desk."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Programs = Callable[[Actor], Program]
Pin = Callable[..., dict[str, Any]]
API = "/api/v1"


def test_a_recall_is_read_confirmed_and_seen_by_the_desk(
    desk: Program, program: Programs, people: People, yard: CrewYard, pin: Pin
) -> None:
    """Changed, then withdrawn; what is wrong is named, and what is not there is not found."""
    crew_id, incident_id = yard.put("A", 1, 1), pin(3, 3, priority=3)["id"]
    phone = program(people.sign_up("alba", Role.CREW, crew_id=crew_id))
    sent = desk.post(f"{API}/incidents/{incident_id}/assignments", {"crew_id": crew_id})
    order = f"{API}/assignments/{told(sent)['id']}"
    lon, lat = yard.city.at(4, 4)
    desk.patch(f"{API}/incidents/{incident_id}", {"priority": 1, "lon": lon, "lat": lat})
    desk.post(f"{order}/withdraw", {"reason": "false alarm"})

    notices = told(phone.get(f"{API}/crews/{crew_id}/notices"))["notices"]
    path = f"{API}/notices/{notices[-1]['id']}/understood"
    refused = phone.post(path, {"occurred_at": "soon"})
    answers = [phone.post(path, {"client_id": key}) for key in ("one", "two")]

    assert [each["kind"] for each in notices] == ["changed", "recalled"]
    assert {each["field"] for each in notices[0]["what"]} == {"priority", "place"}
    assert set(refused_fields(refused)) == {"occurred_at"}
    assert [each.status_code for each in answers] == [200, 200]
    assert told(answers[0]) == told(answers[1])
    assert told(desk.get(order))["notice"]["understood_by"] == "alba"
    assert told(phone.get(f"{API}/crews/{crew_id}/notices"))["notices"] == []
    assert phone.post(f"{API}/notices/4711/understood", {}).status_code == 404
