"""The live stream of one worker: reads the event log and the positions once, for all its readers.

Order and completeness come from the log, not from notifications: ids rise in commit order, so
"everything behind the last id I sent" can be asked again at any time. A notification only says
*when* to ask. A reader joins first, then reads what it missed, then skips what it has seen twice:
nothing can fall between.

Everything here is plain threads and locks; under gunicorn's gevent workers they are greenlets.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING
from typing import Any

from pydantic_core import to_json

from dispatch.actors import Actor
from dispatch.actors import Permission
from dispatch.events import CHANNEL
from dispatch.positions import Cursor
from webconsole.metrics import Metrics

if TYPE_CHECKING:
    from dispatch.bootstrap import Services

LOG = logging.getLogger(__name__)
LONGEST_GAP = 2000
"""Events a reader may have missed and still be told one by one; beyond, it starts afresh."""
BEAT_S = 1.0
TICK_S = 10.0
RECHECK_S = 30.0
"""How often a reader's session is looked up again; sign-out and expiry end its stream."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 1000
_SLOW_S = 20.0
_LONGEST_QUEUE = 4 * _BATCH


@dataclass(eq=False, slots=True)
class Reader:
    """One open stream: what waits to be sent, and whether it may go on."""

    actor: Actor
    still: Callable[[], Actor | None]
    cut: Callable[[], None]
    waiting: deque[tuple[int | None, bytes]] = field(default_factory=deque)
    filled: threading.Event = field(default_factory=threading.Event)
    ended: bool = False
    waiting_since_s: float | None = None
    sent_id: int = 0

    def start_over(self, head_id: int) -> None:
        """Have it load everything again; ids begin anew from here."""
        self.sent_id = head_id
        self.put(None, message("reset", {"head_id": head_id}))

    def put(self, event_id: int | None, message: bytes) -> None:
        """Add a message to what waits."""
        if not self.waiting:
            self.waiting_since_s = monotonic()
        self.waiting.append((event_id, message))
        self.filled.set()

    def take(self) -> list[tuple[int | None, bytes]]:
        """Take everything that waits."""
        self.filled.clear()
        self.waiting_since_s = None
        taken = []
        while self.waiting:  # one by one: more may be added meanwhile
            taken.append(self.waiting.popleft())
        return taken

    def is_slow(self) -> bool:
        """Tell whether its network takes less than we send."""
        since_s = self.waiting_since_s
        return len(self.waiting) > _LONGEST_QUEUE or (
            since_s is not None and monotonic() - since_s > _SLOW_S
        )

    def end(self) -> None:
        """Let its stream finish after what it is sending now."""
        self.ended = True
        self.filled.set()


class StreamHub:
    """Reads once per worker, hands the same bytes to every reader."""

    def __init__(self, services: "Services", metrics: Metrics) -> None:
        self._services = services
        self._metrics = metrics
        self._lock = threading.Lock()
        self._readers: set[Reader] = set()
        self._run: _Run | None = None
        self._goes_on: Callable[[], bool] = lambda: True

    def while_(self, goes_on: Callable[[], bool]) -> None:
        """End all streams once this says so: a worker cannot stop while it holds them."""
        self._goes_on = goes_on

    def open(
        self,
        actor: Actor,
        last_id: int | None,
        *,
        still: Callable[[], Actor | None],
        cut: Callable[[], None],
    ) -> Iterator[bytes]:
        """Stream what happens, as server-sent events, until the reader or the worker goes.

        Parameters
        ----------
        last_id
            The newest event the reader has; None to begin with now.
        still
            Looks the actor up again; None once the session has ended.
        cut
            Breaks the reader's connection from outside: a reader that has stopped reading is
            stuck inside a send and cannot end by itself.
        """
        reader = Reader(actor, still, cut)
        run = self._join(reader)
        self._metrics.streams.inc()
        try:
            yield from self._begin(reader, run, last_id)
        finally:
            self._metrics.streams.dec()
            with self._lock:
                self._readers.discard(reader)

    def _begin(self, reader: Reader, run: "_Run", last_id: int | None) -> Iterator[bytes]:
        head_id = self._services.events.head_id()
        ground = self._services.ground.info() or {}
        yield message(
            "hello",
            {
                "head_id": head_id,
                "server_time": server_time(),
                "ground_id": ground.get("ground_id"),
            },
        )
        sent_id = head_id
        if last_id is not None:
            missed = self._missed(last_id, head_id)
            if missed is None:
                yield message("reset", {"head_id": head_id})
            else:
                sent_id = max(last_id, missed[-1]["id"]) if missed else last_id
                yield from (
                    change(self._services.events.seen_by(reader.actor, event))
                    for event in missed
                    if self._services.events.for_actor(reader.actor, event)
                )
            if reader.actor.may(Permission.CREW_READ):
                yield run.all_positions()
        reader.sent_id = sent_id
        yield from self._follow(reader)

    def _missed(self, last_id: int, head_id: int) -> list[dict[str, Any]] | None:
        """Return what happened since; None if it is too much, or from another database."""
        if last_id > head_id:
            return None
        missed = self._services.events.read_after(last_id, LONGEST_GAP + 1)
        return None if len(missed) > LONGEST_GAP else missed

    @staticmethod
    def _follow(reader: Reader) -> Iterator[bytes]:
        recheck_at_s = monotonic() + RECHECK_S
        while True:
            reader.filled.wait(RECHECK_S)
            last = reader.ended
            for event_id, body in reader.take():
                if event_id is None:
                    yield body
                elif event_id > reader.sent_id:
                    reader.sent_id = event_id
                    yield body
            if last:
                return
            if monotonic() >= recheck_at_s:
                recheck_at_s = monotonic() + RECHECK_S
                found = reader.still()
                if found is None:
                    yield message("signed_out", {})
                    return
                reader.actor = found

    def _join(self, reader: Reader) -> "_Run":
        with self._lock:
            if self._run is None or self._run.over.is_set():
                self._run = _Run(self._services, self._readers_now, self._goes_on)
                self._run.start()
            self._readers.add(reader)
            return self._run

    def _readers_now(self, *, over_if_none: "_Run | None" = None) -> list[Reader]:
        """Return the readers; without any, end the run, so that an idle worker asks nothing."""
        with self._lock:
            slow = [reader for reader in self._readers if reader.is_slow()]
            self._readers.difference_update(slow)
            readers = list(self._readers)
            if over_if_none is not None and not readers:
                over_if_none.over.set()
        for reader in slow:
            LOG.info("cutting off a stream that reads too slowly")
            self._metrics.streams_cut.inc()
            reader.end()
            reader.cut()
        return readers


class _Run:
    """One period during which a worker has readers: its place in the log and its two threads."""

    def __init__(
        self,
        services: "Services",
        readers: Callable[..., list[Reader]],
        goes_on: Callable[[], bool],
    ) -> None:
        self._services = services
        self._readers = readers
        self._goes_on = goes_on
        self._wake = threading.Event()
        self._last_id = services.events.head_id()
        self._positions_lock = threading.Lock()
        self._cursor, everything = services.positions.changed_since(Cursor(_LONG_AGO, {}))
        self._latest = {each["crew_id"]: _row(each) for each in everything}
        self.over = threading.Event()

    def start(self) -> None:
        """Begin to listen and to hand out."""
        for work in (self._listen, self._hand_out):
            threading.Thread(target=work, name=f"stream{work.__name__}", daemon=True).start()

    def all_positions(self) -> bytes:
        """Return where every crew was last, for a reader that may have missed changes."""
        with self._positions_lock:
            return _positions(list(self._latest.values()))

    def _listen(self) -> None:
        while not self.over.is_set():
            try:
                for notice in self._services.listen((CHANNEL,), BEAT_S):
                    if notice is not None:
                        self._wake.set()
                    if self.over.is_set():
                        return
            except Exception:  # the database may restart; the stream goes on when it is back
                LOG.exception("the notification connection was lost; asking every second instead")
            self.over.wait(BEAT_S)

    def _hand_out(self) -> None:
        beat_at_s, tick_at_s = monotonic(), monotonic() + TICK_S
        while not self.over.is_set():
            self._wake.wait(max(0.0, beat_at_s - monotonic()))
            self._wake.clear()
            readers = self._readers(over_if_none=self)
            if not self._goes_on():
                self.over.set()
                for reader in readers:
                    reader.end()
                return
            try:
                self._hand_out_events()
                if monotonic() >= beat_at_s:
                    beat_at_s = monotonic() + BEAT_S
                    self._hand_out_positions()
                if monotonic() >= tick_at_s:
                    tick_at_s = monotonic() + TICK_S
                    self._hand_out_tick()
            except Exception:  # as above: nothing is lost, the log is asked again
                LOG.exception("the event log could not be read; trying again")
                self.over.wait(BEAT_S)

    # Who is there is always asked *after* what is handed out was read. Whoever joins later reads
    # the log, and the positions, later still and finds it there; whoever joined before gets it
    # from here, and skips by `sent_id` what it had found already.

    def _hand_out_events(self) -> None:
        while events := self._services.events.read_after(self._last_id, _BATCH):
            readers = self._readers()
            for event in events:
                for_desks = change(event)
                for reader in readers:
                    if self._services.events.for_actor(reader.actor, event):
                        reader.put(event["id"], self._body(reader.actor, event, for_desks))
                self._last_id = event["id"]

    def _body(self, actor: Actor, event: dict[str, Any], for_desks: bytes) -> bytes:
        """Return the bytes for one reader: all desks share theirs, a crew sees less."""
        if actor.may(Permission.INCIDENT_READ):
            return for_desks
        return change(self._services.events.seen_by(actor, event))

    def _hand_out_tick(self) -> None:
        head_id = self._services.events.head_id()
        readers = self._readers()
        _give(readers, message("tick", {"server_time": server_time()}))
        if head_id < self._last_id:
            LOG.warning("the event log was restored to an earlier state; boards start afresh")
            self._last_id = head_id
            for reader in readers:
                reader.start_over(head_id)

    def _hand_out_positions(self) -> None:
        cursor, changed = self._services.positions.changed_since(self._cursor)
        self._cursor = cursor
        if not changed:
            return
        rows = {each["crew_id"]: _row(each) for each in changed}
        with self._positions_lock:
            self._latest.update(rows)
        body = _positions(list(rows.values()))
        _give([each for each in self._readers() if each.actor.may(Permission.CREW_READ)], body)


def _give(readers: list[Reader], body: bytes) -> None:
    for reader in readers:
        reader.put(None, body)


def _row(fix: dict[str, Any]) -> list[Any]:
    return [
        fix["crew_id"],
        fix["lon"],
        fix["lat"],
        fix.get("heading_deg"),
        fix.get("speed_mps"),
        fix["fixed_at"],
    ]


def _positions(rows: list[list[Any]]) -> bytes:
    return message("positions", {"at": server_time(), "positions": rows})


def change(event: dict[str, Any]) -> bytes:
    """Return one event of the log as it goes over the line."""
    return b"id: %d\n" % event["id"] + message("change", event)


def message(kind: str, body: dict[str, Any]) -> bytes:
    """Return one server-sent event; JSON has no line breaks of its own."""
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), to_json(body, inf_nan_mode="null"))


def server_time() -> str:
    """Return the present instant, for boards to measure ages against."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shut(connection: Any) -> None:  # noqa: ANN401 — whatever socket the server uses
    """Break a connection that somebody else is stuck sending to."""
    with suppress(OSError, AttributeError):
        connection.shutdown(2)
