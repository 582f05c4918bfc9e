"""From its first event on a transaction holds everybody up: all else is done before."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy import event

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.records.types import AddNote
from dispatch.records.types import AddPhoto
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.pictures import drawn
from tests.pictures import encoded

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
CALL = AddReport(channel="call", words="It hisses.")
DEEDS: dict[str, Callable[[Services, Actor, dict[str, Any]], object]] = {
    "pin": lambda to, desk, one: to.incidents.create(
        desk, CreateIncident.read({"kind": "gas_leak", **place(one)})
    ),
    "change": lambda to, desk, one: to.incidents.update(
        desk, one["id"], ChangeIncident(address="Quay 1")
    ),
    "note": lambda to, desk, one: to.notes.add(desk, one["id"], AddNote(words="x")),
    "report": lambda to, desk, one: to.reports.add(desk, one["id"], CALL),
    "photo": lambda to, desk, one: to.photos.add(desk, one["id"], AddPhoto(photo=encoded(drawn()))),
    "cancel": lambda to, desk, one: to.decisions.cancel(desk, one["id"], Step(client_id="k")),
}


@pytest.fixture(autouse=True)
def _without_followers(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the deeds themselves: what follows from events is written after them (ADR 10)."""
    monkeypatch.setattr(services.work, "session_info", {})


def place(incident: dict[str, Any]) -> dict[str, Any]:
    """Return where an incident is."""
    return {name: incident[name] for name in ("lon", "lat")}


@pytest.mark.parametrize("deed", DEEDS)
def test_after_the_logs_lock_there_are_events_and_nothing_else(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    monkeypatch: pytest.MonkeyPatch,
    deed: str,
) -> None:
    """What is answered, and kept for a repeated request, was read and written before.

    What follows from an event in other rooms can only be done after it (`events.followers`).
    """
    monkeypatch.setattr(services.work, "session_info", {})
    incident = pin(2, 2)
    for name in "AB":
        crew = {"crew_id": yard.put(name, 1, 1)}
        services.sending.send(dispatcher, incident["id"], SendCrew.read(crew))
    heard: list[str] = []

    @event.listens_for(services.engine, "before_cursor_execute")
    def hear(_: Connection, __: object, statement: str, *___: object) -> None:
        heard.append(statement)

    DEEDS[deed](services, dispatcher, incident)

    (first, *_) = (at for at, each in enumerate(heard) if "pg_advisory_xact_lock" in each)
    others = [
        each
        for each in heard[first:]
        if "pg_advisory_xact_lock" not in each and "INSERT INTO event" not in each
    ]
    assert others == []


def test_the_answer_of_a_cancelled_incident_is_the_last_word_on_it(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Read before the events are written, it counts them all: 1, a send, a withdrawal, the end."""
    incident_id, crew = pin(2, 2)["id"], {"crew_id": yard.put("A", 1, 1)}
    services.sending.send(dispatcher, incident_id, SendCrew.read(crew))

    answer = services.decisions.cancel(dispatcher, incident_id, Step(reason="drill"))

    assert answer == services.incidents.get(dispatcher, incident_id)
    assert (answer["version"], answer["state"]) == (4, "cancelled")
