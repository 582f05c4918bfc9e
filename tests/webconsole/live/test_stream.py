"""The live stream from real workers: in order, nothing lost, nothing doubled, nobody blocked."""

import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.events.log import CHANNEL
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.settings import Settings
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import delete_all
from tests.conftest import empty_the_tables
from tests.conftest import put_grid_in_use
from tests.looking import looking
from tests.webconsole.served_console import ANSWER_S
from tests.webconsole.served_console import Board
from tests.webconsole.served_console import Server
from tests.webconsole.served_console import report_position
from tests.webconsole.served_console import serving

Pin = Callable[..., dict[str, Any]]
Drive = Callable[[int, float, float], None]
pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def one_worker(settings: Settings, owner_engine: Engine, grid_extract: Path) -> Iterator[Server]:
    """Return a server with one worker, the same for all of these tests."""
    put_grid_in_use(owner_engine, grid_extract)
    with serving(settings) as running:
        yield running
    empty_the_tables(owner_engine)


@pytest.fixture
def clean(owner_engine: Engine) -> Iterator[None]:
    """Leave nothing behind; numbers go on, because the server would take old ones for a restore."""
    yield
    with owner_engine.begin() as connection:
        delete_all(connection)


@pytest.fixture
def server(services: Services, one_worker: Server, owner_engine: Engine) -> Iterator[Server]:
    """Return a server with one worker, which nobody follows when the next test begins."""
    del services  # begun before, and closed after
    yield one_worker
    # A server learns that a board has gone by writing to it, and everybody hears of a ground.
    write = "INSERT INTO event (kind, at, occurred_at, actor, data)"
    write += " VALUES ('ground.imported', now(), now(), 'test', '{}')"
    deadline_s = time.monotonic() + ANSWER_S
    while (
        "nearcrew_streams 0.0" not in httpx.get(f"{one_worker.url}/metrics", timeout=ANSWER_S).text
    ):
        assert time.monotonic() < deadline_s, "somebody still follows the stream"
        with owner_engine.begin() as connection:
            connection.execute(text(write))
            connection.execute(text(f"NOTIFY {CHANNEL}"))


@pytest.fixture(scope="module")
def two_workers(settings: Settings, owner_engine: Engine, grid_extract: Path) -> Iterator[Server]:
    """Return a server with two workers, the same for all of these tests."""
    put_grid_in_use(owner_engine, grid_extract)
    with serving(settings, workers=2) as running:
        yield running


@pytest.fixture
def token(services: Services, dispatcher: Actor) -> str:
    """Return the dispatcher's token, good by the real clock too."""
    issued: str = services.accounts.issue_token(dispatcher)["token"]
    return issued


@pytest.fixture
def drive(server: Server, services: Services, integration: Actor, yard: CrewYard) -> Drive:
    """Return a function that tells the server, by its own clock, where a crew is."""
    token = services.accounts.issue_token(integration)["token"]

    def drive_to(crew_id: int, column: float, row: float) -> None:
        report_position(server.url, token, crew_id, yard.city.at(column, row), speed_mps=9.5)

    return drive_to


def changes(board: Board, last_id: int) -> list[int]:
    """Take changes until one event has come, and return their ids."""
    ids: list[int] = []
    while not ids or ids[-1] < last_id:
        found = board.next("change").id
        assert found is not None
        ids.append(found)
    return ids


def test_it_begins_with_where_it_stands_and_is_not_buffered(
    server: Server, token: str, services: Services, pin: Pin
) -> None:
    """A page that says nothing of where it left off begins now."""
    pin(2, 2)

    with server.board(token) as board:
        hello = board.next("hello")

        assert hello.body["head_id"] == services.events.head_id()
        assert hello.body["server_time"].endswith("Z")
        assert hello.body["ground_id"] == services.ground.info()["ground_id"]
        assert board.answer_headers["Content-Type"].startswith("text/event-stream")
        assert board.answer_headers["Cache-Control"] == "no-store"
        assert board.answer_headers["X-Accel-Buffering"] == "no"


def test_a_change_arrives_with_what_it_concerns(server: Server, token: str, pin: Pin) -> None:
    """The incident as it is now: nobody has to ask for it."""
    with server.board(token) as board:
        board.next("hello")

        incident = pin(2, 2)

        change = board.next("change")
        assert change.body["kind"] == "incident.created"
        assert change.body["incident"]["id"] == incident["id"]
        assert change.id == change.body["id"]


@pytest.mark.parametrize("by_query", [False, True])
def test_it_resumes_exactly_behind_the_last_event_seen(
    server: Server, token: str, services: Services, pin: Pin, *, by_query: bool
) -> None:
    """By the browser's header or by the address."""
    pin(2, 2)
    seen = services.events.head_id()
    pin(3, 3)
    pin(4, 4)
    head = services.events.head_id()

    with server.board(token, seen, by_query=by_query) as board:
        assert changes(board, head) == list(range(seen + 1, head + 1))


def test_a_number_that_no_event_can_have_is_no_place_to_resume(
    server: Server, token: str, services: Services
) -> None:
    """It begins with now, as for a page that says nothing of where it left off."""
    for last_id in ("9" * 20, "9" * 5000, "-1", "1e3"):
        headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": last_id}

        with Board(server.url, headers) as board:
            assert board.next("hello").body["head_id"] == services.events.head_id()


def test_boards_that_come_and_go_among_writers_see_the_log_as_it_is(
    two_workers: Server, token: str, services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Four writers, two workers, boards that reconnect all the time: every event once, in order."""
    pin(2, 2)
    first = services.events.head_id()
    center = services.ground.info()["center"]
    assert center is not None
    lon, lat = center
    body = {"kind": "gas_leak", "lon": lon, "lat": lat}

    def write() -> None:
        for _ in range(25):
            incident = services.incidents.create(dispatcher, CreateIncident.read(body))
            services.decisions.cancel(dispatcher, incident["id"], Step(reason="drill"))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    last_id = first
    # 4 writers x 25 incidents x 2 events = 200; five at a time, then a new connection.
    while len(seen) < 200:
        with two_workers.board(token, last_id) as board:
            for _ in range(min(5, 200 - len(seen))):
                found = board.next("change").id
                assert found is not None
                seen.append(found)
        last_id = seen[-1]
    for writer in writers:
        writer.join()

    with looking(services.engine) as connection:
        query = text("SELECT id FROM event WHERE id > :first ORDER BY id")
        log = connection.execute(query, {"first": first})
        assert seen == [row.id for row in log]


def test_a_board_that_stays_sees_every_event_of_both_workers_once(
    two_workers: Server, token: str, services: Services, pin: Pin
) -> None:
    """Requests go to either worker; the stream hangs on one."""
    center = services.ground.info()["center"]
    assert center is not None
    lon, lat = center
    headers = {"Authorization": f"Bearer {token}"}
    with two_workers.board(token) as board:
        first = board.next("hello").body["head_id"]
        for _ in range(20):
            httpx.post(
                f"{two_workers.url}/api/v1/incidents",
                json={"kind": "gas_leak", "lon": lon, "lat": lat},
                headers=headers,
                timeout=ANSWER_S,
            ).raise_for_status()

        head = services.events.head_id()
        assert changes(board, head) == list(range(first + 1, head + 1))
    del pin


def test_after_too_long_an_absence_it_says_so(
    server: Server, token: str, owner_engine: Engine, services: Services
) -> None:
    """More than 200 events are not told one by one: the board loads its lists again."""
    insert = (
        "INSERT INTO event (kind, at, occurred_at, actor, data) "
        "SELECT 'incident.updated', now(), now(), 'test', '{}' FROM generate_series(1, 201)"
    )
    with owner_engine.begin() as connection:
        connection.execute(text(insert))
    head = services.events.head_id()

    with server.board(token, 0) as board:
        assert board.next("reset").body == {"head_id": head}

    with server.board(token, head - 200) as board:
        assert len(changes(board, head)) == 200


def test_an_id_from_the_future_starts_afresh(server: Server, token: str, pin: Pin) -> None:
    """The database was restored from a backup; the board knows more than we do."""
    pin(2, 2)

    with server.board(token, 10_000) as board:
        assert board.next("reset").body["head_id"] < 10_000


def test_positions_come_once_a_second_and_only_the_changed(
    server: Server, token: str, yard: CrewYard, drive: Drive
) -> None:
    """Two crews, one moves: one row."""
    _still, moving = yard.put("A", 1, 1), yard.put("B", 2, 2)
    with server.board(token) as board:
        board.next("hello")
        drive(moving, 3, 3)
        rows = board.next("positions").body["positions"]

        assert [row[:3] for row in rows] == [[moving, *yard.city.at(3, 3)]]
        assert rows[0][4] == 9.5


def test_who_resumes_is_told_where_every_crew_is(
    server: Server, token: str, services: Services, yard: CrewYard
) -> None:
    """A crew that parked while the line was down would otherwise stay where it was last seen."""
    crew_ids = {yard.put("A", 1, 1), yard.put("B", 2, 2)}

    with server.board(token, services.events.head_id()) as board:
        assert {row[0] for row in board.next("positions").body["positions"]} == crew_ids


def test_a_crew_hears_of_its_own_orders_only_and_of_nobodys_position(
    server: Server,
    token: str,
    services: Services,
    people: People,
    dispatcher: Actor,
    *,
    yard: CrewYard,
    drive: Drive,
    pin: Pin,
) -> None:
    """What the desk says about other incidents is not for every phone."""
    mine, other = yard.put("A", 1, 1), yard.put("B", 2, 2)
    crew = people.sign_up("a", Role.CREW, crew_id=mine)
    incident, elsewhere = pin(2, 2), pin(5, 5)
    phone = services.accounts.issue_token(crew)["token"]

    with server.board(phone, services.events.head_id()) as board, server.board(token) as desk:
        assert board.take().kind == "hello"  # and no positions, as a desk that resumes is told
        desk.next("hello")
        drive(other, 3, 3)
        desk.next("positions")  # handed out to all at once
        services.sending.send(dispatcher, elsewhere["id"], SendCrew(crew_id=other))
        order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=mine))
        heard = [board.take()]
        while heard[-1].kind != "change":
            heard.append(board.take())

        assert heard[-1].body["assignment_id"] == order["id"]
        assert {each.kind for each in heard} <= {"tick", "change"}


def test_an_idle_stream_holds_up_nobody(server: Server, token: str) -> None:
    """The connection that only listens must wait cooperatively, not inside C."""
    with server.board(token) as first, server.board(token) as second:
        first.next("hello")
        second.next("hello")
        with httpx.Client(base_url=server.url, timeout=ANSWER_S) as client:
            for _ in range(100):
                client.get("/healthz").raise_for_status()

        # Were the worker blocked by its LISTEN, every other of these would wait for a beat of a
        # second, and the boards would be told the time five times meanwhile.
        assert first.waiting("tick") < 3
        assert second.waiting("tick") < 3


def test_stopping_the_server_ends_the_streams_first(services: Services, token: str) -> None:
    """A restart takes seconds, not the patience of an open browser."""
    with (
        serving(services.settings, workers=2) as stopped,
        stopped.board(token) as board,
    ):
        board.next("hello")

        assert stopped.stop() == 0

        assert board.ended()


def test_strangers_get_no_stream(server: Server) -> None:
    """401 before anything is said."""
    answer = httpx.get(f"{server.url}/api/v1/stream", timeout=ANSWER_S)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
