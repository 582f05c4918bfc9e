"""The hub of one worker: who is dropped, who starts over, and when it rests."""

import threading
import zlib
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import partial
from itertools import islice
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.board.types import StreamedEventAnswer
from dispatch.bootstrap import Services
from dispatch.deadlines import deadline_rows
from dispatch.people.types import ChangeRoles
from dispatch.people.types import SetPassword
from tests.conftest import PASSWORD
from tests.conftest import Database
from webconsole.live import hub as stream
from webconsole.live import noted_changes
from webconsole.live import stream_reader
from webconsole.live.hub import StreamHub
from webconsole.live.stream_messages import Message
from webconsole.live.stream_messages import change
from webconsole.monitoring.metrics import Metrics

Pin = Callable[..., dict[str, Any]]
WAIT_S = 60.0
_BROKEN = text(
    "INSERT INTO event (kind, at, occurred_at, actor, data)"
    " VALUES ('incident.noted', now(), 'infinity', 'Wang', '[]') RETURNING id"
)


@pytest.fixture
def hub(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[StreamHub]:
    """Return a hub that stops with the test, beats fast and ticks never."""
    monkeypatch.setattr(stream, "POSITIONS_EVERY_S", 0.1)
    monkeypatch.setattr(stream, "TICK_EVERY_S", 3_600.0)
    made = StreamHub(services, Metrics())
    goes_on = threading.Event()
    goes_on.set()
    made.while_(goes_on.is_set)
    yield made
    goes_on.clear()
    for thread in threading.enumerate():
        if thread.name.startswith("stream"):
            thread.join(WAIT_S)


def kinds(messages: Iterator[bytes], until: str) -> list[str]:
    """Take messages until one of a kind has come, and return all their kinds."""
    found: list[str] = []
    while not found or found[-1] != until:
        lines = next(messages).decode().splitlines()
        found.append(next(line for line in lines if line.startswith("event: "))[7:])
    return found


def change_id(messages: Iterator[bytes]) -> int:
    """Take messages until a change, and return its number."""
    for body in messages:
        if body.startswith(b"id: "):
            return int(body.split(b"\n", 1)[0].removeprefix(b"id: "))
    pytest.fail("the stream ended")


def await_listening(engine: Engine) -> None:
    """Wait until the feed has told the database that it listens."""
    listening = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND state = 'idle' AND query ILIKE 'LISTEN %'"
    )
    deadline_s = monotonic() + WAIT_S
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(listening):
            assert monotonic() < deadline_s, "nobody listens"
            threading.Event().wait(0.02)


def test_a_worker_that_is_to_stop_ends_its_streams(hub: StreamHub, dispatcher: Actor) -> None:
    """A browser would hold its own for ever, and the worker with it."""
    goes_on = threading.Event()
    goes_on.set()
    hub.while_(goes_on.is_set)
    streams = [
        hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None) for _ in range(2)
    ]
    for messages in streams:
        next(messages)

    goes_on.clear()

    assert [next(messages, None) for messages in streams] == [None, None]


def test_a_session_that_ended_ends_its_stream(
    hub: StreamHub, dispatcher: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing out on another tab closes this one's line too."""
    monkeypatch.setattr(stream, "RECHECK_S", 0.05)

    messages = hub.open(dispatcher, None, still=lambda: None, cut=lambda: None)

    assert kinds(messages, "signed_out") == ["hello", "signed_out"]
    assert next(messages, None) is None


def test_desks_are_told_when_nobody_acts_on_deadlines(
    hub: StreamHub, services: Services, dispatcher: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no worker, an order that nobody answers would wait in silence."""
    monkeypatch.setattr(stream, "TICK_EVERY_S", 0.05)
    now = services.clock()
    unhandled: Any = "of_a_newer_release"
    with services.work.writing() as session:
        due_at = now - timedelta(seconds=90)
        kind = SimpleNamespace(value=unhandled)
        deadline_rows.set_deadline(session, kind, due_at, due_at)  # type: ignore[arg-type]

    messages = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    tick = next(body for body in messages if body.startswith(b"event: tick"))

    assert b'"overdue_s":90' in tick


@pytest.fixture
def standby_let_go(database: Database, services: Services) -> Iterator[None]:
    """Have the server say that its standby was let go, 90 s ago, to whoever connects anew."""
    setting = f"ALTER DATABASE {database.name} {{}} nearcrew.standby"
    ago = datetime.now(UTC) - timedelta(seconds=90)
    with database.urls.connect() as connection:
        connection.execute(f"{setting.format('SET')} = 'let go {ago:%Y-%m-%dT%H:%M:%SZ}'".encode())
        services.engine.dispose()
        yield
        connection.execute(setting.format("RESET").encode())
        services.engine.dispose()


@pytest.mark.usefixtures("standby_let_go")
def test_desks_are_told_when_the_standby_of_the_database_is_away(
    hub: StreamHub, dispatcher: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed is on one machine only; somebody has to look after the other."""
    monkeypatch.setattr(stream, "TICK_EVERY_S", 0.05)

    messages = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    tick = next(body for body in messages if body.startswith(b"event: tick"))

    assert b'"standby_lost_s":9' in tick


@pytest.fixture
def rarely_looked_up(hub: StreamHub, monkeypatch: pytest.MonkeyPatch) -> StreamHub:
    """Return the hub that looks no session up again for an hour, and ticks ten times a second."""
    monkeypatch.setattr(stream, "RECHECK_S", 3_600.0)
    monkeypatch.setattr(stream, "TICK_EVERY_S", 0.1)
    return hub


@pytest.mark.parametrize("change", ["disabled", "other roles", "a new password"])
def test_streams_of_an_account_end_at_once_when_its_sign_ins_do(
    rarely_looked_up: StreamHub,
    services: Services,
    administrator: Actor,
    dispatcher: Actor,
    *,
    pin: Pin,
    change: str,
) -> None:
    """Not at the next look half a minute later; and nobody else's do."""
    accounts, changes = services.accounts, services.account_changes
    streams = []
    for who in (dispatcher, administrator):
        still = partial(accounts.actor_for_session, accounts.open_session(who))
        streams.append(rarely_looked_up.open(who, None, still=still, cut=lambda: None))
        next(streams[-1])
    pin(2, 2)
    for messages in streams:  # what follows is not the first look, when a stream begins
        assert kinds(messages, "change")[-1] == "change"

    if change == "disabled":
        changes.disable(administrator, dispatcher.username)
    elif change == "other roles":
        wanted = ChangeRoles(roles=(Role.INTEGRATION,))
        changes.change_roles(administrator, dispatcher.username, wanted)
    else:
        changes.set_password(administrator, dispatcher.username, SetPassword(password=PASSWORD))

    of_the_account = islice(streams[0], int(WAIT_S / 0.1))
    assert set(kinds(of_the_account, "signed_out")) <= {"tick", "signed_out"}
    assert next(streams[0], None) is None
    assert kinds(streams[1], "change")[-1] == "change"


def test_who_was_disabled_while_a_stream_was_opened_gets_none(
    rarely_looked_up: StreamHub, services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """Its request was checked before, and it joins the readers after the event was handed out."""
    session_id = services.accounts.open_session(dispatcher)
    services.account_changes.disable(administrator, dispatcher.username)

    messages = rarely_looked_up.open(
        dispatcher,
        None,
        still=partial(services.accounts.actor_for_session, session_id),
        cut=lambda: None,
    )

    assert kinds(islice(messages, 3), "signed_out") == ["hello", "signed_out"]


def test_a_database_that_restarts_ends_no_stream(
    hub: StreamHub, dispatcher: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who could not be looked up is looked up again; all boards reconnecting would be a flood."""
    monkeypatch.setattr(stream, "RECHECK_S", 0.05)
    asked: list[None] = []

    def still() -> Actor | None:
        asked.append(None)
        if len(asked) < 3:
            raise SQLAlchemyError
        return None

    messages = hub.open(dispatcher, None, still=still, cut=lambda: None)

    assert kinds(messages, "signed_out") == ["hello", "signed_out"]
    assert len(asked) == 3


def test_a_change_does_not_wait_for_the_beat(
    hub: StreamHub,
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Notified, not polled: with a beat of an hour it comes as soon."""
    monkeypatch.setattr(stream, "POSITIONS_EVERY_S", 3_600.0)
    messages = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    next(messages)
    await_listening(services.engine)

    pin(2, 2)

    assert kinds(messages, "change")[-1] == "change"
    threads = {each.name: each for each in threading.enumerate()}
    messages.close()  # type: ignore[attr-defined]  # a generator, as the server closes it
    for name in ("stream_hand_out", "stream_bell"):  # each ends when it wakes the next time
        pin(3, 3)
        threads[name].join(WAIT_S)


def test_a_reader_that_stops_reading_is_cut_off(
    hub: StreamHub, dispatcher: Actor, pin: Pin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot end by itself: it hangs in a send. Reconnecting, it gets what it missed."""
    monkeypatch.setattr(stream_reader, "SLOW_S", 0.05)
    cut = threading.Event()
    stuck = hub.open(dispatcher, None, still=lambda: dispatcher, cut=cut.set)
    next(stuck)

    for _ in range(5):
        pin(2, 2)

    assert cut.wait(WAIT_S)
    messages = hub.open(dispatcher, 0, still=lambda: dispatcher, cut=lambda: None)
    next(messages)
    assert kinds(messages, "positions").count("change") >= 5


def test_an_entry_that_cannot_be_read_is_named_and_the_next_one_arrives(
    hub: StreamHub, services: Services, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """It used to be read again each second, and no board heard anything ever after."""
    before = services.events.head_id()
    messages = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    next(messages)
    with owner_engine.begin() as connection:
        broken_id = connection.scalar(_BROKEN)
    pin(2, 2)

    live = [change_id(messages), change_id(messages)]
    late = hub.open(dispatcher, before, still=lambda: dispatcher, cut=lambda: None)

    assert live[0] == broken_id
    assert [change_id(late), change_id(late)] == live


def test_what_cannot_be_told_does_not_hold_up_what_follows(
    hub: StreamHub,
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever is wrong with one event: the feed goes on behind it."""
    told = change

    def refuse_incidents(event: StreamedEventAnswer) -> Message:
        if "incident" in event:
            raise ValueError
        return told(event)

    messages = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    next(messages)
    monkeypatch.setattr(noted_changes, "change", refuse_incidents)
    pin(2, 2)
    first = services.events.head_id()

    assert change_id(messages) == first


def test_a_log_restored_to_an_earlier_state_makes_boards_start_over(
    hub: StreamHub,
    dispatcher: Actor,
    pin: Pin,
    owner_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise they would wait in silence until the numbers had caught up."""
    monkeypatch.setattr(stream, "TICK_EVERY_S", 0.2)
    for _ in range(3):
        pin(2, 2)
    messages = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    next(messages)

    with owner_engine.begin() as connection:
        connection.execute(text("TRUNCATE event RESTART IDENTITY"))

    assert kinds(messages, "reset")[-1] == "reset"
    pin(3, 3)
    assert kinds(messages, "change")[-1] == "change"


def test_without_readers_a_worker_asks_nothing(hub: StreamHub, dispatcher: Actor) -> None:
    """Its two threads end with the last reader, and begin again with the next."""
    messages = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    next(messages)
    threads = [each for each in threading.enumerate() if each.name.startswith("stream")]
    assert len(threads) == 2

    messages.close()  # type: ignore[attr-defined]  # a generator, as the server closes it

    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()
    again = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    assert kinds(again, "hello") == ["hello"]


def test_who_joins_while_the_log_is_being_read_misses_nothing(
    hub: StreamHub,
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An event may be committed after a reader began and be read in a round begun before it."""
    joined: list[Iterator[bytes]] = []
    waits = threading.Event()
    read_after = services.events.read_after

    def read_after_somebody_joined(last_id: int, limit: int = 1000) -> list[StreamedEventAnswer]:
        if waits.is_set() and threading.current_thread().name == "stream_hand_out":
            waits.clear()
            late = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
            assert kinds(late, "hello") == ["hello"]
            pin(2, 2)
            joined.append(late)
        return read_after(last_id, limit)

    monkeypatch.setattr(services.events, "read_after", read_after_somebody_joined)
    early = hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None)
    next(early)
    waits.set()
    first = change_id(early)
    pin(3, 3)

    assert change_id(joined[0]) == first
    assert change_id(joined[0]) == change_id(early)


def test_a_board_asleep_for_an_hour_is_given_the_state_and_not_the_hour(
    hub: StreamHub, dispatcher: Actor, pin: Pin, owner_engine: Engine, services: Services
) -> None:
    """Too old even if little happened: nobody wants to hear of what is long over."""
    before = services.events.head_id()
    pin(2, 2)
    first = services.events.head_id()
    pin(3, 3)
    age = text("UPDATE event SET at = at - interval '1 hour' WHERE id = :first")
    with owner_engine.begin() as connection:
        connection.execute(age, {"first": first})

    after_an_hour = hub.open(dispatcher, before, still=lambda: dispatcher, cut=lambda: None)
    after_a_minute = hub.open(dispatcher, first, still=lambda: dispatcher, cut=lambda: None)

    assert kinds(after_an_hour, "positions") == ["hello", "reset", "positions"]
    assert kinds(after_a_minute, "positions") == ["hello", "change", "positions"]


def test_every_desk_is_sent_the_very_same_bytes(
    hub: StreamHub, dispatcher: Actor, pin: Pin
) -> None:
    """Written once and compressed once, however many read."""
    desks = [
        hub.open(dispatcher, None, still=lambda: dispatcher, cut=lambda: None, packed=packed)
        for packed in (False, False, True, True)
    ]
    for desk in desks:
        next(desk)
    for desk in desks[2:]:
        next(desk)  # the gzip head comes before the hello
    pin(2, 2)

    plain, also_plain, packed, also_packed = [next(desk) for desk in desks]

    assert plain is also_plain
    assert packed is also_packed
    assert zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed) == plain
