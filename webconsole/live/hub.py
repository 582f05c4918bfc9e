"""The live stream of one worker: who reads, what it missed, and what it is sent.

A reader joins first, then reads from the log what it missed, then skips what it has seen twice:
nothing can fall between.

Everything here is plain threads and locks; under gunicorn's gevent workers they are greenlets.
"""

import logging
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.types import StreamedEventAnswer
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from webconsole.live.bell import Bell
from webconsole.live.event_feed import Feed
from webconsole.live.noted_changes import SharedChange
from webconsole.live.stream_messages import GZIP_HEAD
from webconsole.live.stream_messages import Message
from webconsole.live.stream_messages import message
from webconsole.live.stream_messages import reset
from webconsole.live.stream_messages import server_time
from webconsole.live.stream_reader import Reader
from webconsole.monitoring.metrics import Metrics

if TYPE_CHECKING:
    from dispatch.bootstrap import Services

LOG = logging.getLogger(__name__)
LONGEST_GAP = 200
"""Events a reader may have missed and still be told one by one.

With the incident in each they weigh about as much as all lists together, which say more."""
LONGEST_ABSENCE = timedelta(minutes=15)
"""How old the first of them may be: a board that slept must not ring for what is long over."""
POSITIONS_EVERY_S = 1.0
"""How often changed positions are sent; events are sent as soon as they are committed."""
REACH_EVERY_S = 3.0
"""How often it is looked up who can be reached; a page that closes is seen closed within that."""
TICK_EVERY_S = 10.0
"""How often a silent stream shows that it lives, with the server's time."""
RECHECK_S = 30.0
"""How often a reader's session is looked up again; sign-out and expiry end its stream.

A change of its account does so at once (`Reader.doubt`)."""


class StreamHub:
    """Reads once per worker, hands the same bytes to every reader."""

    def __init__(self, services: "Services", metrics: Metrics) -> None:
        self._services = services
        self._metrics = metrics
        self._lock = threading.Lock()
        self._readers: dict[Scope, set[Reader]] = {}
        self._feeds: dict[Scope, Feed] = {}
        self._bell = Bell(services, POSITIONS_EVERY_S, self._doubt)
        self._goes_on: Callable[[], bool] = lambda: True

    def _doubt(self, account: str) -> None:
        """Have readers looked up again whose rights changed: an account's, or everybody's."""
        with self._lock:
            readers = [each for group in self._readers.values() for each in group]
        for reader in readers:
            if account in {"", str(reader.actor.account_id)}:
                reader.doubt()

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
        packed: bool = False,
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
        packed
            Whether to send a gzip stream.
        """
        reader, feed = self._join(actor, still, cut)
        self._metrics.streams.inc()
        try:
            if packed:
                yield GZIP_HEAD
            for told in self._told(reader, feed, last_id):
                yield told.packed if packed else told.plain
        finally:
            with self._lock:
                self._leave(reader)
            self._metrics.streams.dec()

    def _told(self, reader: Reader, feed: Feed, last_id: int | None) -> Iterator[Message]:
        head_id = self._services.events.head_id()
        ground = self._services.ground.info()
        yield message(
            "hello",
            {
                "head_id": head_id,
                "server_time": server_time(),
                "ground_id": ground["ground_id"],
            },
        )
        reader.sent_id = head_id
        if last_id is not None:
            # Read at once: a generator's scope would be that of whoever asks for the next piece.
            with within(reader.actor.scope):
                missed = self._catch_up(reader, last_id, head_id)
            yield from missed
            if reader.actor.may(Permission.CREW_READ):
                yield feed.all_positions()
                yield feed.all_reach()
        yield from self._follow(reader)

    def _catch_up(self, reader: Reader, last_id: int, head_id: int) -> list[Message]:
        """Return what happened since, or the word to load everything again."""
        missed = self._missed(last_id, head_id)
        if missed is None:
            return [reset(head_id)]
        reader.sent_id = max(last_id, missed[-1]["id"]) if missed else last_id
        return [
            SharedChange(
                self._services.readings, self._services.events.seen_by(reader.actor, event)
            ).told(reader.actor)
            for event in missed
            if self._services.events.for_actor(reader.actor, event)
        ]

    def _missed(self, last_id: int, head_id: int) -> list[StreamedEventAnswer] | None:
        """Return what happened since; None if it is too much, too old, or of another database."""
        if last_id > head_id:
            return None
        missed = self._services.events.read_after(last_id, LONGEST_GAP + 1)
        if len(missed) > LONGEST_GAP:
            return None
        long_ago = datetime.now(UTC) - LONGEST_ABSENCE
        if missed and datetime.fromisoformat(missed[0]["at"]) < long_ago:
            return None
        return missed

    def _follow(self, reader: Reader) -> Iterator[Message]:
        recheck_at_s = monotonic() + RECHECK_S
        while True:
            reader.wait(RECHECK_S)
            if reader.doubted or monotonic() >= recheck_at_s:
                recheck_at_s = monotonic() + RECHECK_S
                reader.doubted = False
                try:
                    found = reader.still()
                except SQLAlchemyError:  # away, or restarting: as for the feed, it comes back
                    LOG.warning("could not look a reader's session up again", exc_info=True)
                    recheck_at_s = monotonic()
                else:
                    if found is None:
                        yield message("signed_out", {})
                        return
                    if found.scope.sight() != reader.actor.scope.sight():
                        # It comes back at once, and then sees what it may see now.
                        yield reset(self._services.events.head_id())
                        return
                    reader.actor = found
            last = reader.ended
            yield from reader.take()
            if last:
                return

    def _join(
        self, actor: Actor, still: Callable[[], Actor | None], cut: Callable[[], None]
    ) -> tuple[Reader, Feed]:
        """Add a reader, and begin a feed when it is the first: a feed without readers ends."""
        sight = actor.scope.sight()
        with self._lock:
            feed = self._feeds.get(sight)
            if feed is None or feed.over.is_set():
                feed = Feed(
                    self._services,
                    sight,
                    self._bell,
                    partial(self._readers_now, sight),
                    self._goes_on,
                    positions_every_s=POSITIONS_EVERY_S,
                    reach_every_s=REACH_EVERY_S,
                    tick_every_s=TICK_EVERY_S,
                )
                self._feeds[sight] = feed
                feed.start()
            reader = Reader(actor, still=still, cut=cut, everything=feed.all_positions)
            self._readers.setdefault(sight, set()).add(reader)
            return reader, feed

    def _leave(self, reader: Reader) -> None:
        """Let a reader go. Under the lock."""
        for sight, readers in list(self._readers.items()):
            readers.discard(reader)
            self._rest_without_readers(sight)

    def _rest_without_readers(self, sight: Scope) -> None:
        """End a feed when nobody is left: an idle worker asks nothing. Under the lock."""
        if not self._readers.get(sight):
            self._readers.pop(sight, None)
            feed = self._feeds.pop(sight, None)
            if feed is not None:
                feed.over.set()

    def _readers_now(self, sight: Scope) -> list[Reader]:
        """Return the readers of a feed, without those who have stopped reading."""
        with self._lock:
            here = self._readers.get(sight, set())
            slow = [reader for reader in here if reader.is_slow()]
            here.difference_update(slow)
            self._rest_without_readers(sight)
            readers = list(here)
        for reader in slow:
            LOG.info("cutting off a stream that reads too slowly")
            self._metrics.streams_cut.inc()
            reader.end()
            reader.cut()
        return readers


def shut(connection: Any) -> None:  # noqa: ANN401 — whatever socket the server uses
    """Break a connection that somebody else is stuck sending to."""
    with suppress(OSError, AttributeError):
        connection.shutdown(2)
