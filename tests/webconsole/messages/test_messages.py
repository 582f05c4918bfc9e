"""The conversation through the HTTP API."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def test_a_conversation_comes_back_in_the_shape_that_is_described(
    people: People,
    program: Callable[[Actor], Program],
    dispatcher: Actor,
    desk: Program,
    pin: Pin,
    yard: CrewYard,
) -> None:
    """Sent again under the same name it is said once; counts stand with incident and order."""
    incident_id, other = pin(2, 2)["id"], pin(3, 3)["id"]
    actor = people.sign_up("crew", Role.CREW, crew_id=yard.put("A", 1, 1))
    people.services.sending.send(dispatcher, incident_id, SendCrew(crew_id=actor.crew_id or 0))
    crew, path = program(actor), f"/api/v1/incidents/{incident_id}"

    asked = {"words": "Need excavator", "client_id": "m1", "written_at": "2026-01-31T08:15:00Z"}
    first, again = (crew.post(f"{path}/messages", asked) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert told(first) == told(again)
    assert again.headers["Idempotent-Replay"] == "true"
    assert told(desk.get(path))["unread_from_crews"] == 1
    answered = told(desk.post(f"{path}/messages", {"words": "Yes", "crew_id": actor.crew_id}))
    mark = desk.post(f"{path}/messages/read", {"up_to": answered["id"]})
    assert told(mark) == {"up_to": told(first)["id"], "unread": 0}
    (order,) = told(crew.get(f"/api/v1/crews/{actor.crew_id}/assignments"))["assignments"]
    assert order["unread_from_desk"] == 1

    conversation = told(crew.get(f"{path}/messages"))["messages"]

    assert [each["words"] for each in conversation] == ["Need excavator", "Yes"]
    assert [each["side"] for each in conversation[0]["read_by"]] == ["desk"]
    for answer in (
        crew.get(f"/api/v1/incidents/{other}/messages"),
        crew.post(f"/api/v1/incidents/{other}/messages", {"words": "x"}),
        desk.get("/api/v1/incidents/99999999999999999999/messages"),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "words"),
        ({"words": " "}, "words"),
        ({"words": "x" * 2001}, "words"),
        ({"words": "a\x00b"}, "words"),
        ({"words": 7}, "words"),
        ({"words": "x", "author": "me"}, "author"),
        ({"words": "x", "written_at": "soon"}, "written_at"),
        ({"words": "x", "crew_id": 10**9}, "crew_id"),
        ({"words": "x", "client_id": "\n"}, "client_id"),
    ],
)
def test_wrong_fields_of_a_message_are_named(
    desk: Program, pin: Pin, body: dict[str, object], named: str
) -> None:
    """In problem+json."""
    answer = desk.post(f"/api/v1/incidents/{pin(2, 2)['id']}/messages", body)

    assert list(refused_fields(answer)) == [named]


def test_half_a_letter_is_refused(desk: Program, pin: Pin) -> None:
    """A lone surrogate is no text that can be stored."""
    answer = desk.post(f"/api/v1/incidents/{pin(2, 2)['id']}/messages", {"words": "\ud800"})

    assert answer.status_code in {400, 422}


def test_nobody_sends_more_than_one_a_second_for_a_minute(desk: Program, pin: Pin) -> None:
    """Each rings somewhere; what was refused may be sent later."""
    path = f"/api/v1/incidents/{pin(2, 2)['id']}/messages"

    answers = [desk.post(path, {"words": "x"}).status_code for _ in range(61)]

    assert answers == [201] * 60 + [429]
