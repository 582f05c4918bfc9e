"""Notes and reports of an incident: kept once, never changed, shown to those they concern."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.board.types import EventAnswer
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import ChangeIncident
from dispatch.jobs.housekeeping import REPEATABLE
from dispatch.records.types import AddNote
from dispatch.records.types import NoteAnswer
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
CALL = AddReport(channel="call", caller_name="Li", caller_phone="139", words="It hisses.")


def events(services: Services, actor: Actor, incident_id: int) -> list[EventAnswer]:
    """Return an incident's timeline as an actor reads it."""
    return services.incidents.timeline(actor, incident_id)["events"]


def test_what_was_pinned_is_the_first_report_and_stays_as_it_was_told(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """A correction of the incident does not rewrite what the caller said."""
    incident = pin(2, 2, description="Smell in the yard", caller_name="Wang", caller_phone="138")

    services.incidents.update(
        dispatcher, incident["id"], ChangeIncident(description="Valve 7 leaks")
    )
    services.reports.add(
        dispatcher, incident["id"], CALL.model_copy(update={"reference": "12345-77"})
    )

    first, second = services.reports.list(dispatcher, incident["id"])["reports"]
    assert (first["words"], first["caller_name"]) == ("Smell in the yard", "Wang")
    assert first["told_at"] == incident["created_at"]
    assert (second["words"], second["reference"]) == ("It hisses.", "12345-77")
    assert services.incidents.get(dispatcher, incident["id"])["reports_count"] == 2


def test_a_note_raises_the_version_and_each_entry_leaves_an_event_without_the_callers_words(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """The log is for ever; who called and what they said is not in it."""
    incident = pin(2, 2)

    services.notes.add(dispatcher, incident["id"], AddNote(words="Key is at the porter's."))
    services.reports.add(dispatcher, incident["id"], CALL)

    actual = services.incidents.get(dispatcher, incident["id"])
    assert (actual["version"], actual["notes_count"], actual["reports_count"]) == (2, 1, 2)
    _, noted, reported = events(services, dispatcher, incident["id"])
    assert (noted["kind"], noted["data"]["text"]) == ("incident.noted", "Key is at the porter's.")
    assert (reported["kind"], set(reported["data"])) == (
        "incident.reported",
        {"entry_id", "channel"},
    )


def test_a_long_note_is_whole_in_the_record_and_short_in_the_log(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """160 letters are a line of a timeline."""
    incident_id = pin(2, 2)["id"]

    services.notes.add(dispatcher, incident_id, AddNote(words="长" * 4000))

    assert services.notes.list(dispatcher, incident_id)["notes"][0]["words"] == "长" * 4000
    assert events(services, dispatcher, incident_id)[-1]["data"]["text"] == "长" * 159 + "…"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, {"words"}),
        ({"words": "  "}, {"words"}),
        ({"words": "x" * 4001}, {"words"}),
        ({"words": "a\x00b"}, {"words"}),
        ({"words": "x", "occurred_at": "soon"}, {"occurred_at"}),
    ],
)
def test_a_note_says_something(
    services: Services, dispatcher: Actor, pin: Pin, fields: dict[str, object], named: set[str]
) -> None:
    """And every wrong field is named."""
    with pytest.raises(InvalidInput) as error:
        services.notes.add(dispatcher, pin(2, 2)["id"], AddNote.read(fields))

    assert {each.field for each in error.value.fields} == named


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, {"channel"}),
        ({"channel": "pigeon", "words": "coo"}, {"channel"}),
        ({"channel": "call"}, {"words"}),
        (
            {"channel": "call", "words": "x", "told_at": datetime(2999, 1, 1, tzinfo=UTC)},
            {"told_at"},
        ),
        ({"channel": "call", "caller_phone": "1" * 41}, {"caller_phone"}),
    ],
)
def test_a_report_was_told_by_some_way_and_says_something(
    services: Services, dispatcher: Actor, pin: Pin, fields: dict[str, object], named: set[str]
) -> None:
    """A number to call back is something."""
    with pytest.raises(InvalidInput) as error:
        services.reports.add(dispatcher, pin(2, 2)["id"], AddReport.read(fields))

    assert {each.field for each in error.value.fields} == named


def test_a_note_sent_eight_times_at_once_under_one_name_is_kept_once(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """All hear of the same note, and the incident has changed once."""
    incident_id, start = pin(2, 2)["id"], Barrier(8)

    def write(_: int) -> tuple[NoteAnswer, bool]:
        start.wait()
        return services.notes.add(dispatcher, incident_id, AddNote(words="x", client_id="tap"))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(write, range(8)))

    assert len({note["id"] for note, _ in answers}) == 1
    assert sum(not replayed for _, replayed in answers) == 1
    assert services.incidents.get(dispatcher, incident_id)["version"] == 2


def test_notes_of_many_writers_at_once_raise_the_version_one_by_one(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Two desks and a crew write into one record; nothing is lost and nobody waits in a circle."""
    incident_id = pin(2, 2)["id"]

    def write(number: int) -> None:
        if number % 2:
            services.notes.add(dispatcher, incident_id, AddNote(words=str(number)))
        else:
            services.reports.add(dispatcher, incident_id, CALL)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(24)))

    actual = services.incidents.get(dispatcher, incident_id)
    assert (actual["version"], actual["notes_count"], actual["reports_count"]) == (13, 12, 13)


def test_other_words_under_the_same_name_are_a_mistake(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Of a note and of a report alike."""
    incident_id = pin(2, 2)["id"]
    report = CALL.model_copy(update={"client_id": "two"})
    services.notes.add(dispatcher, incident_id, AddNote(words="x", client_id="one"))
    services.reports.add(dispatcher, incident_id, report)

    for add in (
        lambda: services.notes.add(dispatcher, incident_id, AddNote(words="y", client_id="one")),
        lambda: services.reports.add(
            dispatcher, incident_id, report.model_copy(update={"words": "y"})
        ),
        lambda: services.notes.add(dispatcher, incident_id, AddNote(words="y", client_id="two")),
    ):
        with pytest.raises(Conflict) as error:
            add()
        assert error.value.code == "idempotency_mismatch"


def test_a_note_sent_again_when_its_request_is_forgotten_is_still_kept_once(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock
) -> None:
    """A phone may come back to signal after weeks."""
    incident_id, note = pin(2, 2)["id"], AddNote(words="x", client_id="one")
    first, _ = services.notes.add(dispatcher, incident_id, note)
    clock.forward((REPEATABLE + timedelta(hours=1)).total_seconds())
    services.housekeeping.forget_expired()

    again, _ = services.notes.add(dispatcher, incident_id, note)

    assert again == first
    assert services.notes.list(dispatcher, incident_id)["notes"] == [first]
    assert services.incidents.get(dispatcher, incident_id)["version"] == 2


def test_what_a_phone_wrote_without_signal_counts_from_when_it_was_written(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock
) -> None:
    """But never from the future, whatever its clock says."""
    incident_id, now = pin(2, 2)["id"], clock()

    for seconds in (-300, 300):
        at = now + timedelta(seconds=seconds)
        services.notes.add(dispatcher, incident_id, AddNote(words="x", occurred_at=at))

    early, late = services.notes.list(dispatcher, incident_id)["notes"]
    assert early["written_at"] == (now - timedelta(seconds=300)).isoformat(
        timespec="milliseconds"
    ).replace("+00:00", "Z")
    assert late["written_at"] == late["received_at"]
    told = events(services, dispatcher, incident_id)[1:]
    assert [each["occurred_at"] for each in told] == [early["written_at"], late["written_at"]]


def test_what_ended_can_still_be_added_to(services: Services, dispatcher: Actor, pin: Pin) -> None:
    """Some things are known only afterwards."""
    incident_id = pin(2, 2)["id"]
    services.decisions.cancel(dispatcher, incident_id, Step())

    services.notes.add(dispatcher, incident_id, AddNote(words="It was the neighbour's stove."))

    assert services.incidents.get(dispatcher, incident_id)["state"] == "cancelled"


def test_a_crew_reads_its_own_notes_and_the_desks_reports_while_its_order_is_alive(
    people: People, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The desk's notes are its own; what another crew writes is that crew's affair."""
    services = people.services
    incident_id = pin(2, 2, caller_name="Wang", description="Ms Wang's yard")["id"]
    north, south, stranger = (
        people.sign_up(name, Role.CREW, crew_id=yard.put(name, 1, 1)) for name in "nsx"
    )
    order, _ = services.sending.send(
        dispatcher, incident_id, SendCrew.read({"crew_id": north.crew_id})
    )
    services.sending.send(dispatcher, incident_id, SendCrew.read({"crew_id": south.crew_id}))
    for actor, words in ((dispatcher, "Ms Wang waits"), (north, "North"), (south, "South")):
        services.notes.add(actor, incident_id, AddNote(words=words))

    def read(actor: Actor) -> set[str]:
        return {each["words"] for each in services.notes.list(actor, incident_id)["notes"]}

    def heard(actor: Actor) -> set[str]:
        told = events(services, actor, incident_id)
        return {each["data"]["text"] for each in told if "text" in each["data"]}

    assert read(dispatcher) == {"Ms Wang waits"}
    assert heard(dispatcher) == {"Ms Wang waits", "North", "South"}
    assert read(north) == heard(north) == {"North"}
    services.reports.add(
        dispatcher, incident_id, CALL.model_copy(update={"reference": "Mr Wang, 12345-77"})
    )
    told = [services.reports.list(each, incident_id)["reports"] for each in (north, dispatcher)]
    assert told[0] == told[1]
    assert services.incidents.get(north, incident_id)["description"] == "Ms Wang's yard"
    services.assignments.act(dispatcher, order["id"], Action.WITHDRAW, Step())
    assert read(north) == heard(north) == {"North"}
    first, second = services.reports.list(north, incident_id)["reports"]
    assert (first["channel"], second["channel"]) == ("call", "call")
    for seen in (first, second, services.incidents.get(north, incident_id)):
        assert "Wang" not in str(seen)
    assert (second["words"], second["reference"], second["caller_phone"]) == ("", "", "")
    for forbidden in (services.notes.list, services.reports.list, services.photos.list):
        with pytest.raises(NotFound):
            forbidden(stranger, incident_id)
    with pytest.raises(NotFound):
        services.notes.add(stranger, incident_id, AddNote(words="x"))
    with pytest.raises(NotAllowed):
        services.reports.add(north, incident_id, CALL)


@pytest.mark.parametrize("table", ["incident_note", "incident_report", "photo"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET author = 'x'"])
def test_the_serving_role_cannot_change_what_is_in_the_record(
    app_engine: Engine, table: str, statement: str
) -> None:
    """Whatever the code does."""
    with (
        app_engine.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(statement.format(table)))
