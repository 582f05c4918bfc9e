"""Alarms acknowledged over HTTP."""

from collections.abc import Callable
from typing import Any

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

INCIDENTS = "/api/v1/incidents"
Pin = Callable[..., dict[str, Any]]


def test_an_alarm_is_acknowledged_once_and_refused_in_words(
    desk: Program,
    program: Callable[[Actor], Program],
    people: People,
    pin: Pin,
    yard: CrewYard,
) -> None:
    """A name, a time, an end; what is wrong names its field."""
    path = f"{INCIDENTS}/{pin(2, 1)['id']}"
    crew_id = yard.put("A", 1, 1)
    cruz = program(people.sign_up("cruz", Role.CREW, crew_id=crew_id))
    order = told(desk.post(f"{path}/assignments", {"crew_id": crew_id}))
    body = {"alarm": "unanswered", "assignment_id": order["id"], "client_id": "a-1"}

    answer = desk.post(f"{path}/acknowledgements", body)
    again = desk.post(f"{path}/acknowledgements", body)

    assert answer.status_code == 201
    assert told(answer)["by"] == "dora"
    assert told(answer)["at"] < told(answer)["until"]
    assert (told(again), again.headers["Idempotent-Replay"]) == (told(answer), "true")
    assert told(desk.get(path))["acknowledgements"] == [told(answer)]
    assert told(cruz.get(path))["acknowledgements"] == []

    assert set(refused_fields(desk.post(f"{path}/acknowledgements", {"alarm": "fire"}))) == {
        "alarm"
    }
    other = {"alarm": "unanswered", "assignment_id": order["id"] + 1}
    assert set(refused_fields(desk.post(f"{path}/acknowledgements", other))) == {"assignment_id"}
    assert cruz.post(f"{path}/acknowledgements", body).status_code == 403
    gone = desk.post(f"{path}/acknowledgements", {"alarm": "refused"})
    assert (gone.status_code, told(gone)["code"]) == (409, "no_alarm")
    mismatch = desk.post(f"{path}/acknowledgements", {**body, "alarm": "refused"})
    assert told(mismatch)["code"] == "idempotency_mismatch"
