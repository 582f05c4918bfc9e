"""One entry of the log that cannot be read hides no other: it is named, and reading goes on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.events.unreadable import UnreadableEntries
from dispatch.incidents.types import IncidentAnswer
from dispatch.records.types import AddNote
from tests.conftest import CrewYard

pytestmark = pytest.mark.postgis
CALLER = "0351-555 0199"
_INSERT = text(
    "INSERT INTO event (kind, at, occurred_at, actor, incident_id, crew_id, data)"
    " VALUES (:kind, now(), CAST(:occurred_at AS timestamptz), 'Wang', :incident_id, :crew_id,"
    " CAST(:data AS jsonb)) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry as another release, or a hand with `psql`, may leave it."""

    kind: str = "incident.noted"
    occurred_at: str = "now"
    data: str = "{}"

    def put(self, engine: Engine, incident_id: int, crew_id: int | None) -> int:
        """Write it into the log and return its number."""
        values: dict[str, Any] = {"kind": self.kind, "data": self.data}
        values |= {"occurred_at": self.occurred_at, "incident_id": incident_id, "crew_id": crew_id}
        with engine.begin() as connection:
            return int(connection.execute(_INSERT, values).scalar_one())


BROKEN = {
    "a kind of a newer release": Broken(kind="incident.teleported", data=f'{{"to": "{CALLER}"}}'),
    "an instant without a date": Broken(occurred_at="infinity"),
    "a year that calendars lack": Broken(occurred_at="12026-01-01Z"),
    "data that is a list": Broken(data=f'["{CALLER}"]'),
    "data that is nothing": Broken(data="null"),
    "a duty without its name": Broken(kind="crew.duty_changed", data='{"from": "on_duty"}'),
    "a place that is none": Broken(kind="incident.updated", data=f'{{"lon": "{CALLER}"}}'),
    "a position that is none": Broken(kind="assignment.arrived", data='{"lonlat": [1]}'),
}
each_broken = pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())


@pytest.fixture
def incident(pin: Callable[..., IncidentAnswer]) -> IncidentAnswer:
    """Return an incident."""
    return pin(2, 2)


@pytest.fixture
def fresh_alarm(services: Services, monkeypatch: pytest.MonkeyPatch) -> UnreadableEntries:
    """Give the log's readers an alarm that knows of no entry yet."""
    alarm = UnreadableEntries()
    monkeypatch.setattr(services.events, "unreadable", alarm)
    monkeypatch.setattr(services.replay, "_unreadable", alarm)
    return alarm


@each_broken
def test_the_log_goes_on_behind_an_entry_that_cannot_be_read(
    services: Services,
    owner_engine: Engine,
    dispatcher: Actor,
    incident: IncidentAnswer,
    yard: CrewYard,
    broken: Broken,
) -> None:
    """A stand-in keeps its number, so that streams resume behind it."""
    crew_id = yard.put("North 1", 1, 1)
    head_id = services.events.head_id()
    broken_id = broken.put(owner_engine, incident["id"], crew_id)
    services.notes.add(dispatcher, incident["id"], AddNote(words="later"))

    told = services.events.read_after(head_id)

    assert [each["kind"] for each in told] == ["log.unreadable", "incident.noted"]
    assert told[0]["id"] == broken_id
    assert told[0]["data"] == {}
    assert told[1]["incident"]["id"] == incident["id"]


@each_broken
def test_histories_and_replays_go_on_behind_it_too(
    services: Services,
    owner_engine: Engine,
    dispatcher: Actor,
    incident: IncidentAnswer,
    yard: CrewYard,
    broken: Broken,
) -> None:
    """Of the incident, of the crew and of the whole board, and in their exports."""
    crew_id = yard.put("North 1", 1, 1)
    broken_id = broken.put(owner_engine, incident["id"], crew_id)
    yard.clock.forward(1_200)
    services.notes.add(dispatcher, incident["id"], AddNote(words="later"))

    timeline = services.incidents.timeline(dispatcher, incident["id"])["events"]
    replays = [
        services.replay.incident(dispatcher, incident["id"]),
        services.replay.crew(dispatcher, crew_id),
        services.replay.board(dispatcher),
    ]

    kinds = [each["kind"] for each in timeline]
    assert kinds == ["incident.created", "log.unreadable", "incident.noted"]
    for replay in replays:
        unreadable = [each["id"] for each in replay["events"] if each["kind"] == "log.unreadable"]
        assert unreadable == [broken_id]
    assert replays[0]["incidents"][0]["frames"][-1]["kind"] == "gas_leak"


def test_an_entry_about_an_incident_that_is_not_seen_is_told_without_it(
    services: Services, owner_engine: Engine, incident: IncidentAnswer, dispatcher: Actor
) -> None:
    """It may have gone to another unit meanwhile: that is no fault of the entry."""
    head_id = services.events.head_id()
    for number in range(5):
        services.notes.add(dispatcher, incident["id"], AddNote(words=str(number)))
    broken_id = Broken().put(owner_engine, 4_711, None)
    for number in range(5):
        services.notes.add(dispatcher, incident["id"], AddNote(words=str(number)))

    told = services.events.read_after(head_id)

    assert [each["id"] for each in told if "incident" not in each] == [broken_id]
    assert "log.unreadable" not in [each["kind"] for each in told]
    assert [each["id"] for each in told] == sorted(each["id"] for each in told)


def test_it_is_reported_once_with_its_number_and_without_its_content(
    services: Services,
    owner_engine: Engine,
    dispatcher: Actor,
    incident: IncidentAnswer,
    fresh_alarm: UnreadableEntries,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Boards ask for a history again and again; a log of personal data would be one more leak."""
    counted: list[None] = []
    fresh_alarm.count_with(lambda: counted.append(None))
    broken_id = BROKEN["a kind of a newer release"].put(owner_engine, incident["id"], None)

    for _ in range(3):
        services.events.read_after(broken_id - 1)
        services.incidents.timeline(dispatcher, incident["id"])
        services.replay.board(dispatcher)

    errors = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert str(broken_id) in errors[0]
    assert CALLER not in caplog.text
    assert len(counted) == 1


def test_a_database_that_is_away_is_not_taken_for_a_broken_entry(
    services: Services, dispatcher: Actor, incident: IncidentAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever could not be asked for just then would be left out for ever."""
    services.notes.add(dispatcher, incident["id"], AddNote(words="later"))
    cancelling = text("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(60)")
    monkeypatch.setattr(
        services.events._read_model, "crews", lambda session, _: session.execute(cancelling)
    )

    with pytest.raises(Exception, match="canceling statement"):
        services.events.read_after(0)
