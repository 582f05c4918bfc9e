"""Notes and reports through the HTTP API."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def test_a_note_and_a_report_come_back_in_the_shape_that_is_described(
    desk: Program, pin: Pin
) -> None:
    """Sent again under the same name they say that they were there already."""
    path = f"/api/v1/incidents/{pin(2, 2)['id']}"
    note = {"words": "Key at the porter's", "client_id": "n1"}
    report = {"channel": "meter", "words": "Pressure falls", "client_id": "r1"}

    for name, body in (("notes", note), ("reports", report)):
        first, again = (desk.post(f"{path}/{name}", body) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert told(first) == told(again)
        assert first.headers.get("Idempotent-Replay") is None
        assert again.headers["Idempotent-Replay"] == "true"
    notes = told(desk.get(f"{path}/notes"))["notes"]
    reports = told(desk.get(f"{path}/reports"))["reports"]

    assert [each["words"] for each in notes] == ["Key at the porter's"]
    assert [(each["channel"], each["words"]) for each in reports] == [
        ("call", ""),
        ("meter", "Pressure falls"),
    ]
    incident = told(desk.get(path))
    assert (incident["notes_count"], incident["reports_count"]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "body", "named"),
    [
        ("notes", {}, "words"),
        ("notes", {"words": 7}, "words"),
        ("notes", {"words": "x", "author": "me"}, "author"),
        ("notes", {"words": "x" * 4001}, "words"),
        ("reports", {"words": "x"}, "channel"),
        ("reports", {"channel": "pigeon"}, "channel"),
        ("reports", {"channel": "call"}, "words"),
        ("reports", {"channel": "call", "told_at": "2026-01-01T00:00:00"}, "told_at"),
    ],
)
def test_wrong_fields_are_named(
    desk: Program, pin: Pin, name: str, body: dict[str, object], named: str
) -> None:
    """In problem+json."""
    answer = desk.post(f"/api/v1/incidents/{pin(2, 2)['id']}/{name}", body)

    assert list(refused_fields(answer)) == [named]


def test_how_the_first_report_came_is_told_when_it_is_pinned(desk: Program, pin: Pin) -> None:
    """A call unless somebody says otherwise."""
    told_by_phone = pin(2, 2)
    place = {name: told_by_phone[name] for name in ("lon", "lat")}

    alarm = desk.post("/api/v1/incidents", {"kind": "gas_leak", "channel": "meter", **place})
    pigeon = desk.post("/api/v1/incidents", {"kind": "gas_leak", "channel": "pigeon", **place})

    channels = [
        told(desk.get(f"/api/v1/incidents/{number}/reports"))["reports"][0]["channel"]
        for number in (told_by_phone["id"], told(alarm)["id"])
    ]
    assert channels == ["call", "meter"]
    assert list(refused_fields(pigeon)) == ["channel"]


def test_boards_hear_of_an_entry_with_the_incident_as_it_is_then(
    services: Services, dispatcher: Actor, desk: Program, pin: Pin
) -> None:
    """So that no board has to ask how many notes there are now."""
    incident_id, head = pin(2, 2)["id"], services.events.head_id()

    desk.post(f"/api/v1/incidents/{incident_id}/notes", {"words": "x"})

    (event,) = services.events.read_after(head)
    assert (event["kind"], event["incident"]["notes_count"]) == ("incident.noted", 1)
    assert event["incident"]["version"] == 2
    assert services.events.for_actor(dispatcher, event)


def test_a_crew_writes_notes_where_it_was_sent_and_takes_no_reports(
    people: People,
    program: Callable[[Actor], Program],
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
) -> None:
    """Elsewhere there is nothing it could know of."""
    sent_to, other = pin(2, 2)["id"], pin(3, 3)["id"]
    actor = people.sign_up("crew", Role.CREW, crew_id=yard.put("A", 1, 1))
    people.services.sending.send(dispatcher, sent_to, SendCrew.read({"crew_id": actor.crew_id}))
    crew = program(actor)
    report = {"channel": "crew", "words": "x"}

    assert crew.post(f"/api/v1/incidents/{sent_to}/notes", {"words": "x"}).status_code == 201
    assert crew.post(f"/api/v1/incidents/{other}/notes", {"words": "x"}).status_code == 404
    assert crew.post(f"/api/v1/incidents/{sent_to}/reports", report).status_code == 403
