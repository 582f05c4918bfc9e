"""Messages between desk and crews: said once, seen by those they concern, marked when read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.jobs.housekeeping import REPEATABLE
from dispatch.messages.states import AFTERWARDS
from dispatch.messages.types import MessageAnswer
from dispatch.messages.types import ReadMessages
from dispatch.messages.types import SendMessage
from dispatch.records.types import AddNote
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Talk:
    """An incident, its desk, and two crews that were sent there."""

    services: Services
    desk: Actor
    north: Actor
    south: Actor
    incident_id: int
    order_id: int
    """North's."""

    def say(self, who: Actor, words: str, crew_id: int | None = None) -> MessageAnswer:
        """Send a message."""
        said = SendMessage(words=words, crew_id=crew_id)
        return self.services.messages.send(who, self.incident_id, said)[0]

    def heard(self, who: Actor) -> list[str]:
        """Return the words that somebody reads."""
        answer = self.services.messages.list(who, self.incident_id)
        return [each["words"] for each in answer["messages"]]

    def told(self, who: Actor) -> set[str]:
        """Return the words that somebody's timeline and stream have."""
        timeline = self.services.incidents.timeline(who, self.incident_id)["events"]
        log = self.services.events
        stream = [
            log.seen_by(who, event) for event in log.read_after(0) if log.for_actor(who, event)
        ]
        return {e["data"]["text"] for e in (*timeline, *stream) if "text" in e["data"]}

    def read(self, who: Actor, up_to: int) -> int:
        """Mark messages as read; return how many are left."""
        mark = ReadMessages(up_to=up_to)
        return self.services.messages.mark_read(who, self.incident_id, mark)["unread"]

    def unread(self) -> tuple[int, int, int]:
        """Return what the desk, north and south have not read."""
        orders = [
            self.services.assignments.list_for_crew(crew, crew.crew_id or 0)["assignments"]
            for crew in (self.north, self.south)
        ]
        of_crews = [sum(order["unread_from_desk"] for order in each) for each in orders]
        incident = self.services.incidents.get(self.desk, self.incident_id)
        return incident["unread_from_crews"], of_crews[0], of_crews[1]


@pytest.fixture
def talk(people: People, dispatcher: Actor, pin: Pin, yard: CrewYard) -> Talk:
    """Send two crews to an incident."""
    services, incident_id = people.services, pin(2, 2)["id"]
    north, south = (
        people.sign_up(name, Role.CREW, crew_id=yard.put(name, 1, 1)) for name in ("north", "south")
    )
    order, _ = services.sending.send(dispatcher, incident_id, SendCrew(crew_id=north.crew_id or 0))
    services.sending.send(dispatcher, incident_id, SendCrew(crew_id=south.crew_id or 0))
    return Talk(services, dispatcher, north, south, incident_id, order["id"])


def test_both_sides_read_what_the_other_says_and_see_that_it_was_read(
    talk: Talk, clock: SettableClock
) -> None:
    """The first who reads is the one who has read it."""
    talk.say(talk.north, "Need excavator")
    answered = talk.say(talk.desk, "On its way")
    assert talk.unread() == (1, 1, 1)

    clock.forward(60)
    assert talk.read(talk.desk, answered["id"]) == 0
    assert talk.read(talk.north, answered["id"]) == 0

    first, second = talk.services.messages.list(talk.desk, talk.incident_id)["messages"]
    assert (first["words"], first["side"], first["crew_name"]) == (
        "Need excavator",
        "crew",
        "north",
    )
    assert [(each["side"], each["name"]) for each in first["read_by"]] == [
        ("desk", talk.desk.display_name)
    ]
    (by_north,) = second["read_by"]
    minute_later = clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert (by_north["crew_name"], by_north["at"]) == ("north", minute_later)
    assert talk.unread() == (0, 0, 1)
    assert talk.say(talk.north, "Thanks")["id"] > second["id"]
    assert talk.unread() == (1, 0, 1)


def test_reading_again_changes_nothing_and_leaves_no_second_event(
    talk: Talk, clock: SettableClock
) -> None:
    """The time of the first reading stands."""
    asked = talk.say(talk.north, "Need excavator")
    talk.read(talk.desk, asked["id"])
    head = talk.services.events.head_id()
    clock.forward(600)

    talk.read(talk.desk, asked["id"])
    talk.read(talk.north, asked["id"])  # of its own there is nothing to read

    assert talk.services.events.head_id() == head
    (message,) = talk.services.messages.list(talk.north, talk.incident_id)["messages"]
    (mark,) = message["read_by"]
    assert mark["at"] == message["sent_at"]


def test_a_crew_sees_its_own_words_and_the_desks_to_it_never_another_crews(talk: Talk) -> None:
    """In the conversation, the timeline and the stream alike."""
    talk.say(talk.north, "from north")
    talk.say(talk.south, "from south")
    talk.say(talk.desk, "to all")
    talk.say(talk.desk, "to south", talk.south.crew_id)

    everything = ["from north", "from south", "to all", "to south"]
    assert talk.heard(talk.desk) == everything
    assert talk.told(talk.desk) == set(everything)
    assert talk.heard(talk.north) == ["from north", "to all"]
    assert talk.told(talk.north) == {"from north", "to all"}
    assert talk.heard(talk.south) == ["from south", "to all", "to south"]
    assert talk.told(talk.south) == {"from south", "to all", "to south"}
    assert talk.unread() == (2, 1, 2)


def test_what_was_said_before_a_crew_was_sent_and_after_its_order_is_not_for_it(
    talk: Talk, people: People, yard: CrewYard, clock: SettableClock
) -> None:
    """Words can name the caller; what was written to it alone it keeps for a day."""
    talk.say(talk.desk, "before")
    late = people.sign_up("late", Role.CREW, crew_id=yard.put("late", 1, 1))
    clock.forward(60)
    talk.services.sending.send(talk.desk, talk.incident_id, SendCrew(crew_id=late.crew_id or 0))
    talk.say(talk.desk, "to all")
    talk.say(talk.desk, "to north", talk.north.crew_id)
    assert talk.heard(late) == ["to all"]

    talk.services.assignments.act(talk.desk, talk.order_id, Action.WITHDRAW, Step())
    talk.say(talk.north, "Left the key at the porter's")

    assert talk.heard(talk.north) == ["to north", "Left the key at the porter's"]
    clock.forward(AFTERWARDS.total_seconds() + 1)
    with pytest.raises(NotFound):
        talk.say(talk.north, "x")
    with pytest.raises(NotFound):
        talk.heard(talk.north)


def test_what_was_written_in_time_and_comes_days_later_is_taken(
    talk: Talk, clock: SettableClock
) -> None:
    """A phone may lie in a cellar until Monday."""
    written_at = clock()
    talk.services.assignments.act(talk.desk, talk.order_id, Action.WITHDRAW, Step())
    clock.forward(timedelta(days=3).total_seconds())

    said = SendMessage(words="Valve 7 is stuck", written_at=written_at)
    message, _ = talk.services.messages.send(talk.north, talk.incident_id, said)

    assert message["written_at"] < message["sent_at"]


def test_who_has_no_part_in_it_neither_reads_nor_writes(
    talk: Talk, people: People, integration: Actor, yard: CrewYard
) -> None:
    """A crew that was not sent there, and programs."""
    stranger = people.sign_up("s", Role.CREW, crew_id=yard.put("s", 1, 1))
    for actor in (stranger, integration):
        for act in (lambda: talk.heard(actor), lambda: talk.say(actor, "x")):  # noqa: B023  (called here)
            with pytest.raises((NotFound, NotAllowed)):
                act()
        with pytest.raises((NotFound, NotAllowed)):
            talk.read(actor, talk.say(talk.desk, "x")["id"])


def test_a_message_is_addressed_to_who_was_sent_there(
    talk: Talk, people: People, pin: Pin, yard: CrewYard
) -> None:
    """And a mark is set at a message of the incident."""
    elsewhere = yard.put("elsewhere", 1, 1)
    for who, crew_id in ((talk.desk, elsewhere), (talk.north, talk.south.crew_id)):
        with pytest.raises(InvalidInput) as error:
            talk.say(who, "x", crew_id)
        assert [each.field for each in error.value.fields] == ["crew_id"]
    other = pin(3, 3)["id"]
    there, _ = people.services.messages.send(talk.desk, other, SendMessage(words="x"))
    for up_to in (there["id"], 10**12):
        with pytest.raises(InvalidInput) as error:
            talk.read(talk.desk, up_to)
        assert [each.field for each in error.value.fields] == ["up_to"]


def test_a_message_sent_eight_times_at_once_is_said_once(talk: Talk) -> None:
    """Also when the request itself is long forgotten; other words under its name are refused."""
    start, said = Barrier(8), SendMessage(words="x", client_id="tap")

    def send(_: int) -> tuple[MessageAnswer, bool]:
        start.wait()
        return talk.services.messages.send(talk.north, talk.incident_id, said)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    assert len({message["id"] for message, _ in answers}) == 1
    assert sum(not replayed for _, replayed in answers) == 1
    assert answers[0][0]["client_id"] == "tap"
    (seen,) = talk.services.messages.list(talk.desk, talk.incident_id)["messages"]
    assert seen["client_id"] is None
    with pytest.raises(Conflict) as error:
        talk.services.messages.send(
            talk.north, talk.incident_id, said.model_copy(update={"words": "y"})
        )
    assert error.value.code == "idempotency_mismatch"


def test_a_message_sent_again_after_weeks_is_known_by_its_name(
    talk: Talk, clock: SettableClock
) -> None:
    """And nobody hears of it twice."""
    said = SendMessage(words="x", client_id="tap", written_at=clock())
    first, _ = talk.services.messages.send(talk.north, talk.incident_id, said)
    clock.forward((REPEATABLE + timedelta(hours=1)).total_seconds())
    talk.services.housekeeping.forget_expired()
    head = talk.services.events.head_id()

    again, _ = talk.services.messages.send(talk.north, talk.incident_id, said)

    assert again == first
    assert talk.services.events.head_id() == head


def test_what_is_said_does_not_refuse_a_sending_that_is_being_aimed(
    talk: Talk, yard: CrewYard
) -> None:
    """The incident is the same as before; its version stays."""
    before = talk.services.incidents.get(talk.desk, talk.incident_id)["version"]

    talk.read(talk.desk, talk.say(talk.north, "Need a second crew")["id"])

    send = SendCrew(crew_id=yard.put("third", 1, 1), expected_version=before)
    talk.services.sending.send(talk.desk, talk.incident_id, send)


def test_a_note_of_a_crew_is_a_message_and_a_note_of_the_desk_is_its_own(talk: Talk) -> None:
    """Phones have notes in store; a long one is taken whole, and stands short in the log."""
    note = AddNote(words="长" * 4000, client_id="n1")
    services, incident_id = talk.services, talk.incident_id

    first, replayed = services.notes.add(talk.north, incident_id, note)
    again, once_more = services.notes.add(talk.north, incident_id, note)
    services.notes.add(talk.desk, incident_id, AddNote(words="Ms Wang's yard"))

    assert (replayed, once_more) == (False, True)
    assert first == again
    (message,) = services.messages.list(talk.desk, incident_id)["messages"]
    assert (message["words"], message["side"]) == ("长" * 4000, "crew")
    assert services.notes.list(talk.north, incident_id)["notes"] == [first]
    assert [each["words"] for each in services.notes.list(talk.desk, incident_id)["notes"]] == [
        "Ms Wang's yard"
    ]
    assert talk.told(talk.north) == {"长" * 159 + "…"}
    incident = services.incidents.get(talk.desk, incident_id)
    assert (incident["notes_count"], incident["messages_count"]) == (1, 1)
    assert services.incidents.get(talk.north, incident_id)["messages_count"] == 0


@pytest.mark.parametrize("table", ["message", "message_read"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET actor_id = 0"])
def test_the_serving_role_cannot_change_what_was_said(
    app_engine: Engine, table: str, statement: str
) -> None:
    """Whatever the code does."""
    with (
        app_engine.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(statement.format(table)))
