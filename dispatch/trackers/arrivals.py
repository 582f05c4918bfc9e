"""What trackers send: known by their secret, read, and stored with everything else that comes in.

How each tracker is, is noted in the same transaction as its fixes, so that a restart of anything
never leaves the two apart.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from time import monotonic
from typing import Any
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy import ARRAY
from sqlalchemy import BigInteger
from sqlalchemy import Row
from sqlalchemy import bindparam
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.accounts.digests import digest
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.positions.device_rules import Heartbeat
from dispatch.positions.fix_rules import Fix
from dispatch.positions.service import PositionService
from dispatch.positions.stored_fixes import Report
from dispatch.positions.stored_fixes import Stored
from dispatch.trackers.filters import Setup
from dispatch.trackers.filters import report_of
from dispatch.trackers.readings import Reading
from dispatch.trackers.states import Protocol
from dispatch.trackers.states import SpeedUnit
from dispatch.trackers.types import AS_SHIPPED
from dispatch.trackers.types import TrackerFilters
from geodata.crs.datum import Datum

KNOWN_FOR_S = 0.8
"""For so long a worker remembers a secret: a tracker that is revoked is so within a second."""
_MOST_KNOWN = 10_000
_OF_SECRET = text("SELECT * FROM tracker_of_secret(:digest)")
_HELD = text("""
    SELECT state.*, tracker.protocol FROM tracker_state AS state
    JOIN tracker ON tracker.id = state.tracker_id
    WHERE state.tracker_id = ANY (:ids)
    ORDER BY state.tracker_id FOR UPDATE OF state
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))
# When its crew moved is known where it is the one that says where the crew is.
_NOTE = text("""
    UPDATE tracker_state AS state SET
        heard_at = :now, fixed_at = new.fixed_at, received_at = new.received_at,
        accuracy_m = new.accuracy_m, battery_pct = new.battery_pct, charging = new.charging,
        counted_on = :today, used_today = new.used_today, refused_today = new.refused_today,
        test_sent_at = new.test_sent_at, test_answered_at = new.test_answered_at,
        moved_at = coalesce(position.moved_at, state.moved_at)
    FROM jsonb_to_recordset(CAST(:noted AS jsonb)) AS new (tracker_id bigint, crew_id bigint,
            fixed_at timestamptz, received_at timestamptz, accuracy_m float8, battery_pct float8,
            charging boolean, used_today integer, refused_today jsonb, test_sent_at timestamptz,
            test_answered_at timestamptz)
        LEFT JOIN crew_position AS position ON position.crew_id = new.crew_id
            AND position.tracker_id = new.tracker_id
    WHERE state.tracker_id = new.tracker_id
""")


class KnownTracker(NamedTuple):
    """A tracker that has proved who it is."""

    setup: Setup
    protocol: Protocol
    test_asked: bool
    """Whether a desk waits to hear from it."""


class ArrivalService:
    """Takes in what trackers send.

    Parameters
    ----------
    unit_of_work
        Where trackers are looked up.
    positions
        Where fixes go.
    clock
        What time it is.
    history
        How long fixes are kept.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        positions: PositionService,
        clock: Clock,
        history: timedelta,
    ) -> None:
        self._work = unit_of_work
        self._positions = positions
        self._clock = clock
        self._history = history
        self._known: dict[str, tuple[float, KnownTracker]] = {}

    def now(self) -> datetime:
        """Return what time it is, for messages that do not say."""
        return self._clock()

    def by_device(self, device: str) -> KnownTracker | None:
        """Return the tracker that sends under an id nobody else knows; None if there is none."""
        return self._by_secret(device, Protocol.OSMAND)

    def by_login(self, login: str, password: str) -> KnownTracker | None:
        """Return the tracker that signs in with a name and a password; None if there is none."""
        return self._by_secret(sign_in_secret(login, password), Protocol.OWNTRACKS)

    def take(self, known: KnownTracker, readings: Iterable[Reading]) -> Sequence[Stored]:
        """Store what a tracker says, and return what became of each reading."""
        now = self._clock()
        reports = [report_of(each, known.setup, now, self._history) for each in readings]
        return self._positions.take(reports)

    def _by_secret(self, secret: str, protocol: Protocol) -> KnownTracker | None:
        hashed = digest(secret)
        until, known = self._known.get(hashed, (0.0, None))
        if known is None or until < monotonic():
            known = self._look_up(hashed)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            if known is None:
                self._known.pop(hashed, None)
            else:
                self._known[hashed] = monotonic() + KNOWN_FOR_S, known
        return known if known is not None and known.protocol is protocol else None

    def _look_up(self, hashed: str) -> KnownTracker | None:
        rows = self._work.ask(_OF_SECRET, {"digest": hashed})
        if not rows:
            return None
        (row,) = rows
        setup = Setup(
            row.id,
            row.crew_id,
            Datum(row.datum),
            SpeedUnit(row.speed_unit),
            filters_of(row.filters),
        )
        return KnownTracker(setup, Protocol(row.protocol), row.test_asked)


def sign_in_secret(login: str, password: str) -> str:
    """Return what is digested of a name and a password."""
    return f"{login}:{password}"


def filters_of(stored: dict[str, Any]) -> TrackerFilters:
    """Return filters as they are stored; as shipped if another release wrote them."""
    try:
        return TrackerFilters.model_validate(stored)
    except ValidationError:
        return AS_SHIPPED


@dataclass(slots=True)
class _Told:
    """What one tracker said in a batch."""

    crew_id: int
    newest: Fix | None = None
    used: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    battery_pct: float | None = None
    charging: bool | None = None
    placed: bool = False


class StateNotes:
    """Notes how trackers are, in the transaction that stores what they said.

    Parameters
    ----------
    zone
        Whose midnight the day's counts begin at.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __call__(
        self, session: Session, reports: Sequence[Report], found: Sequence[Stored], now: datetime
    ) -> None:
        """Note what is new of each tracker in a batch."""
        told: dict[int, _Told] = {}
        for report, stored in zip(reports, found, strict=True):
            if report.device is not None:
                mine = told.setdefault(report.device.tracker_id, _Told(report.crew_id))
                _add(mine, report, stored)
        if not told:
            return
        today = now.astimezone(self._zone).date()
        rows = session.execute(_HELD, {"ids": sorted(told)}).all()
        noted = [_noted(row, told[row.tracker_id], now, today) for row in rows]
        if noted:
            told_as = {"now": now, "today": today, "noted": to_json(noted).decode()}
            session.execute(_NOTE, told_as)


def _add(mine: _Told, report: Report, stored: Stored) -> None:
    device = report.device
    if report.battery_pct is not None:
        mine.battery_pct = report.battery_pct
    if device is not None and device.charging is not None:
        mine.charging = device.charging
    if isinstance(report, Heartbeat):
        return
    mine.placed = True
    if stored.status == "used" or stored.reason == "outdated":
        mine.used += 1
    else:
        mine.refused[stored.reason or stored.status] += 1
    newer = mine.newest is None or report.fixed_at > mine.newest.fixed_at
    if stored.status == "used" and newer:
        mine.newest = report


def _noted(row: Row[Any], told: _Told, now: datetime, today: object) -> dict[str, Any]:
    same_day = row.counted_on == today
    refused = Counter(row.refused_today if same_day else {}) + told.refused
    fix = told.newest
    sent_at, answered_at = row.test_sent_at, row.test_answered_at
    if row.test_asked_at is not None and answered_at is None:
        if row.protocol == Protocol.OSMAND or (sent_at is not None and told.placed):
            answered_at = now
        sent_at = sent_at or now
    return {
        "tracker_id": row.tracker_id,
        "crew_id": told.crew_id,
        "fixed_at": fix.fixed_at if fix else row.fixed_at,
        "received_at": now if fix else row.received_at,
        "accuracy_m": fix.accuracy_m if fix else row.accuracy_m,
        "battery_pct": row.battery_pct if told.battery_pct is None else told.battery_pct,
        "charging": row.charging if told.charging is None else told.charging,
        "used_today": (row.used_today if same_day else 0) + told.used,
        "refused_today": refused,
        "test_sent_at": sent_at,
        "test_answered_at": answered_at,
    }
