"""Note who reads callers' numbers, and stop whoever reads too many.

Readings are many and writes of the desk must not wait for them: they are collected in memory and
written together, a second later at most, into a table with a chain of its own. What is collected is
lost if the process is killed in that second; nothing else loses it.

Too many are counted of incidents that are *over*. Numbers of those that are not are on the desk's
list anyway: to look through the whole queue in a storm is work. Looking up one old incident after
another is what a theft of the customers' numbers looks like.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Final
from typing import NamedTuple

from sqlalchemy import text

from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.audit.blocks import BlockService
from dispatch.audit.reading_windows import ReadingLimit
from dispatch.audit.reading_windows import ReadingWindow
from dispatch.audit.states import ReadingWay
from dispatch.core.instants import Clock
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork

LOG = logging.getLogger(__name__)
FLUSH_EVERY_S: Final = 1.0
FLUSH_AT: Final = 100
"""So many readings are written without waiting for the second to end."""
MOST_WAITING: Final = 10_000
"""With more than these waiting, readings are written before their answer is given, or it is not."""
DESK_AGAIN: Final = timedelta(hours=1)
"""How long a number that stands on the desk's list counts as the same reading."""
_ENDED = text(
    "SELECT id FROM incident WHERE id = ANY (:ids) AND state IN ('closed', 'cancelled', 'merged')"
)
_WRITE = text(
    "INSERT INTO reading (at, actor_id, actor, unit_id, way, subject, subject_ids, counted_ids)"
    " VALUES (:at, :actor_id, :actor, coalesce(:unit_id, home_unit()), :way, 'incident',"
    " :subject_ids, :counted_ids)"
)
_COUNT = text("""
    SELECT count(*) FROM (
        SELECT record FROM reading, unnest(counted_ids) AS record
        WHERE actor_id = :account_id AND at >= greatest(:since,
            (SELECT max(lifted_at) FROM reading_block WHERE account_id = :account_id))
        UNION SELECT unnest(CAST(:more AS bigint[]))) AS read
""")


class _Key(NamedTuple):
    """Who reads in which way, and in which second: what waits long keeps its times apart."""

    account_id: int | None
    name: str
    unit_id: int | None
    way: ReadingWay
    second: datetime


@dataclass(slots=True)
class _Waiting:
    """What one person read in one way and is not written yet."""

    at: datetime
    ids: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)


class ReadingLog:
    """Collects readings of one process and writes them."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, blocks: BlockService, limit: ReadingLimit
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._blocks = blocks
        self._limit = limit
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._writer: threading.Thread | None = None
        self._closed = False
        self._waiting: dict[_Key, _Waiting] = {}
        self._windows: defaultdict[int, ReadingWindow] = defaultdict(
            lambda: ReadingWindow(self._limit)
        )
        self._on_desk: dict[tuple[int | None, int], datetime] = {}

    def note(
        self,
        actor: Actor,
        incidents: Mapping[int, bool | None],
        *,
        listed: bool = False,
        counts: bool = True,
        way: ReadingWay | None = None,
    ) -> bool:
        """Note that somebody is about to read callers' numbers; return whether they may.

        Parameters
        ----------
        incidents
            Whose callers, and whether each incident is over; None where the caller does not know.
        listed
            Whether they stand on a list, which nobody opened for this one number.
        counts
            Whether they can be too many; not what comes by itself, nor the answer to a change.
        way
            How they are read, where that cannot be told from the actor and the list.
        """
        if not may_see_numbers(actor):
            return True  # most digits are hidden: nothing is read
        if self._blocks.is_blocked(actor.account_id):
            return False
        now = self._clock()
        exempt = way is ReadingWay.EXPORTED and actor.may(Permission.CALLERS_EXPORT)
        over = self._over(incidents) if counts else set()
        counted = set() if exempt or actor.account_id is None else over
        if counted and self._reads_too_much(actor, counted, now):
            return False
        if actor.crew_id is not None and not actor.may(Permission.INCIDENT_READ):
            self._add(actor, way or ReadingWay.CREW, incidents.keys(), counted, now)
        elif way is not None or not listed:
            self._add(actor, way or ReadingWay.OPENED, incidents.keys(), counted, now)
        else:
            self._add(actor, ReadingWay.OPENED, over, counted, now)
            self._add(actor, ReadingWay.DESK, incidents.keys() - over, set(), now)
        return True

    def require(self, actor: Actor) -> None:
        """Refuse whoever may not read callers' numbers; see `BlockService.require_unblocked`."""
        self._blocks.require_unblocked(actor)

    def flush(self) -> None:
        """Write what waits and judge who read it; what cannot be written goes on waiting."""
        with self._writing:
            with self._lock:
                waiting, self._waiting = self._waiting, {}
            if not waiting:
                return
            try:
                with within(EVERYTHING), self._work.writing() as session:
                    session.execute(_WRITE, [_row(*each) for each in waiting.items()])
            except Exception:
                with self._lock:
                    for key, each in waiting.items():
                        self._put(key, each.ids, each.counted, each.at)
                raise
            for account_id in {key.account_id for key, each in waiting.items() if each.counted}:
                if account_id is not None:
                    self._judge(account_id, self._clock())

    def close(self) -> None:
        """Write what waits and end the writer, as when a process stops."""
        self._closed = True
        self._wake.set()
        if self._writer is not None:
            self._writer.join(timeout=5)
        self.flush()

    def begin_anew(self) -> None:
        """Forget what waits and was counted, for tests that share a process."""
        with self._writing, self._lock:
            self._waiting.clear()
            self._windows.clear()
            self._on_desk.clear()
        self._blocks.forget()

    def _over(self, incidents: Mapping[int, bool | None]) -> set[int]:
        over = {each for each, is_over in incidents.items() if is_over}
        unknown = [each for each, is_over in incidents.items() if is_over is None]
        if unknown:
            with self._work.reading() as session:
                over.update(session.scalars(_ENDED, {"ids": unknown}))
        return over

    def _reads_too_much(self, actor: Actor, counted: Collection[int], now: datetime) -> bool:
        """Tell whether these would be too many; then the account is blocked, and sees none.

        Suspected from memory and decided in the database: other workers answer the same person,
        and a supervisor may have lifted a block meanwhile.
        """
        account_id = actor.account_id
        if account_id is None:
            return False
        with self._lock:
            suspected = self._windows[account_id].would_be(counted, now) > self._limit.records
        if not suspected:
            return False
        if len(counted) > self._limit.records:
            self._blocks.block(account_id, len(counted))
            return True
        self.flush()
        return self._judge(account_id, now, counted)

    def _judge(self, account_id: int, now: datetime, more: Collection[int] = ()) -> bool:
        since = now - self._limit.within
        asked = {"account_id": account_id, "since": since, "more": list(more)}
        with within(EVERYTHING), self._work.reading() as session:
            records = int(session.scalar(_COUNT, asked) or 0)
        if records <= self._limit.records:
            return False
        self._blocks.block(account_id, records)
        return True

    def _add(
        self,
        actor: Actor,
        way: ReadingWay,
        ids: Collection[int],
        counted: Collection[int],
        now: datetime,
    ) -> None:
        with self._lock:
            if way is ReadingWay.DESK:
                ids = [each for each in ids if self._is_new_on_desk(actor.account_id, each, now)]
            if not ids:
                return
            if actor.account_id is not None and counted:
                self._windows[actor.account_id].add(counted, now)
            second = now.replace(microsecond=0)
            key = _Key(actor.account_id, actor.display_name, actor.unit_id, way, second)
            self._put(key, ids, counted, now)
            waiting = sum(len(each.ids) for each in self._waiting.values())
            self._start_writer()
        if waiting >= MOST_WAITING:
            self.flush()
        elif waiting >= FLUSH_AT:
            self._wake.set()

    def _put(self, key: _Key, ids: Collection[int], counted: Collection[int], at: datetime) -> None:
        waiting = self._waiting.setdefault(key, _Waiting(at))
        waiting.at = max(waiting.at, at)
        waiting.ids.update(ids)
        waiting.counted.update(counted)

    def _is_new_on_desk(self, account_id: int | None, incident_id: int, now: datetime) -> bool:
        key = account_id, incident_id
        seen_at = self._on_desk.get(key)
        if seen_at is not None and timedelta(0) <= now - seen_at < DESK_AGAIN:
            return False
        self._on_desk.pop(key, None)
        self._on_desk[key] = now
        while len(self._on_desk) > 1 and now - next(iter(self._on_desk.values())) >= DESK_AGAIN:
            del self._on_desk[next(iter(self._on_desk))]
        return True

    def _start_writer(self) -> None:
        if self._writer is None and not self._closed:
            self._writer = threading.Thread(target=self._write_on, name="readings", daemon=True)
            self._writer.start()

    def _write_on(self) -> None:
        failing = False
        while not self._closed:
            self._wake.wait(FLUSH_EVERY_S)
            self._wake.clear()
            try:
                self.flush()
                failing = False
            except Exception:  # the database may be away; what waits is kept and tried again
                if not failing:
                    LOG.exception("readings cannot be written down; they are kept and tried again")
                failing = True


def _row(key: _Key, waiting: _Waiting) -> dict[str, object]:
    return {
        "at": waiting.at,
        "actor_id": key.account_id,
        "actor": key.name,
        "unit_id": key.unit_id,
        "way": key.way.value,
        "subject_ids": sorted(waiting.ids),
        "counted_ids": sorted(waiting.counted),
    }
