"""A control room at work: hundreds of open consoles, crews that move, orders that are seen.

While so many streams are open and so many crews report a new place each second, one desk asks for
candidates and sends crews. Counted is when each order has been read from *every* stream, and when
a real browser on the same server has drawn it.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from itertools import islice
from time import perf_counter
from time import sleep
from uuid import uuid4

import numpy as np
from rich.console import Console

from tests.benchmarks import processes
from tests.benchmarks.city import SEED
from tests.benchmarks.city import City
from tests.benchmarks.clients import Client
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.console import page as console_page
from tests.benchmarks.console.movers import moving
from tests.benchmarks.console.readers import Readers
from tests.benchmarks.console.readers import reading
from tests.benchmarks.dispatch.traffic import candidates_path
from tests.benchmarks.dispatch.traffic import pin
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server

POLLING = "the same lists asked for each second"
_SEEN_WITHIN_S = 5.0
_QUESTIONS_EACH_S = 4


@dataclass(frozen=True, slots=True)
class Room:
    """How busy the control room is, for how long it is watched, and what comes to rest before."""

    streams: int = 300
    moving: int = 400
    seconds: int = 25
    browser: bool = True
    settle_s: float = 3.0


@dataclass(slots=True)
class _Shift:
    """What was measured while the room worked; seconds."""

    candidates_s: list[float] = field(default_factory=list)
    send_s: list[float] = field(default_factory=list)
    sent_at_s: dict[int, float] = field(default_factory=dict)
    drawn_s: dict[int, float] = field(default_factory=dict)
    seen_s: dict[int, list[float]] = field(default_factory=dict)
    took_s: float = 0.0
    cpu_s: float = 0.0
    wire_bytes: int = 0
    plain_bytes: int = 0


def measure(server: Server, city: City, console: Console, room: Room | None = None) -> list[Result]:
    """Return how fast orders are seen and candidates are judged in a full control room."""
    room = room or Room()
    workers = processes.children(server.pid)
    city.report_everybody()
    with ExitStack() as stack:
        (desk,) = stack.enter_context(server.clients(city.desk_token, 1))
        _warm_up(desk, city)
        stack.enter_context(moving(server, city, room.moving))
        sleep(room.settle_s)
        poll_cpu_s, poll_bytes = _poll_once(desk, workers, times=max(4, room.seconds // 2))
        before = processes.rss_bytes(workers)
        console.print(f"Opening {room.streams} streams …")
        readers = stack.enter_context(reading(HOST, server.port, city.desk_token, room.streams))
        sleep(room.settle_s)
        per_stream = (processes.rss_bytes(workers) - before) / room.streams
        page = stack.enter_context(_page(server, city, room.settle_s)) if room.browser else None
        shift = _work(desk, city, room, workers, readers, page)
    return _told(room, shift, per_stream, poll_cpu_s, poll_bytes)


def _warm_up(desk: Client, city: City) -> None:
    for _ in range(6):
        desk.get(candidates_path(city))


@contextmanager
def _page(server: Server, city: City, settle_s: float) -> Iterator["console_page.ConsolePage"]:
    with console_page.open_page(server, city) as page:
        page.watch_orders()
        sleep(settle_s)
        yield page


def _work(
    desk: Client,
    city: City,
    room: Room,
    workers: list[int],
    readers: Readers,
    page: "console_page.ConsolePage | None",
) -> _Shift:
    """Ask for candidates four times a second and send a crew each second."""
    rng = np.random.default_rng(SEED)
    shift = _Shift()
    crews = list(islice(city.idle, room.seconds))
    targets = [pin(desk, city, rng) for _ in crews]
    readers.heard()
    cpu_before_s, began_s = processes.cpu_s(workers), perf_counter()
    for second, (crew_id, (incident_id, version)) in enumerate(zip(crews, targets, strict=True)):
        for part in range(_QUESTIONS_EACH_S):
            _wait_until(began_s + second + part / _QUESTIONS_EACH_S)
            asked_s = perf_counter()
            desk.get(candidates_path(city))
            shift.candidates_s.append(perf_counter() - asked_s)
        body = json.dumps({"crew_id": crew_id, "expected_version": version}).encode()
        shift.sent_at_s[incident_id] = perf_counter()
        desk.post(
            f"/api/v1/incidents/{incident_id}/assignments", body, Idempotency_Key=str(uuid4())
        )
        shift.send_s.append(perf_counter() - shift.sent_at_s[incident_id])
    _wait_until(began_s + len(crews))
    shift.took_s = perf_counter() - began_s
    shift.cpu_s = processes.cpu_s(workers) - cpu_before_s
    sleep(1.0)
    heard = readers.heard()
    shift.wire_bytes, shift.plain_bytes = heard.wire_bytes, heard.plain_bytes
    shift.seen_s = heard.seen_s
    if page is not None:
        shift.drawn_s = page.orders_drawn(set(shift.sent_at_s), _SEEN_WITHIN_S)
    missing = {
        incident_id: len(heard.seen_s.get(incident_id, ()))
        for incident_id in shift.sent_at_s
        if len(heard.seen_s.get(incident_id, ())) != room.streams
    }
    if missing:
        message = f"not every stream saw every order once: {missing}"
        raise UnexpectedAnswerError(message)
    return shift


def _poll_once(desk: Client, workers: list[int], *, times: int) -> tuple[float, int]:
    """Return what it costs to ask for both lists: the workers' time and the bytes of the answer."""
    before_s, size = processes.cpu_s(workers), 0
    for _ in range(times):
        size = len(desk.get("/api/v1/crews")) + len(desk.get("/api/v1/incidents"))
    return (processes.cpu_s(workers) - before_s) / times, size


def _told(
    room: Room, shift: _Shift, per_stream: float, poll_cpu_s: float, poll_bytes: int
) -> list[Result]:
    consoles_s = room.streams * shift.took_s
    seen_s = [
        at_s - shift.sent_at_s[each] for each, all_s in shift.seen_s.items() for at_s in all_s
    ]
    last_s = [max(all_s) - shift.sent_at_s[each] for each, all_s in shift.seen_s.items()]
    drawn_s = [at_s - shift.sent_at_s[each] for each, at_s in shift.drawn_s.items()]
    name = f"{room.streams} consoles, {room.moving} crews moving"
    found = [
        *percentiles(f"{name}: candidates", shift.candidates_s, p95_ms=150),
        *percentiles(f"{name}: send", shift.send_s),
        *percentiles(f"{name}: send to read, any stream", seen_s, p95_ms=500),
        *percentiles(f"{name}: send to read, the last stream", last_s),
    ]
    if drawn_s:
        found += percentiles(f"{name}: send to drawn in a browser", drawn_s, p95_ms=500)
    return [
        *found,
        Result(f"{name}: memory of a stream", per_stream / 1000, "kB"),
        Result(
            f"{name}: workers' time, one console, one second",
            shift.cpu_s / consoles_s * 1000,
            "ms",
            peers={POLLING: poll_cpu_s * 1000},
        ),
        Result(
            f"{name}: over the line, one console, one second",
            shift.wire_bytes / consoles_s / 1000,
            "kB",
            peers={
                POLLING: poll_bytes / 1000,
                "the same stream, not compressed": shift.plain_bytes / consoles_s / 1000,
            },
        ),
        Result(f"{name}: workers busy", shift.cpu_s / shift.took_s * 100, "% of a core"),
    ]


def _wait_until(at_s: float) -> None:
    sleep(max(0.0, at_s - perf_counter()))
