"""Stores fixes: judged against what is known of their crews, in one transaction."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from typing import NamedTuple

from sqlalchemy import Row
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from dispatch.core.instants import Clock
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.positions.batch_statements import DOUBTED
from dispatch.positions.batch_statements import HEARD
from dispatch.positions.batch_statements import KNOWN
from dispatch.positions.batch_statements import SPELLS
from dispatch.positions.batch_statements import STORE
from dispatch.positions.batch_statements import columns
from dispatch.positions.device_rules import Device
from dispatch.positions.device_rules import Heartbeat
from dispatch.positions.device_rules import OnDuty
from dispatch.positions.device_rules import was_on_duty
from dispatch.positions.fix_rules import IMPOSSIBLE
from dispatch.positions.fix_rules import LONGEST_SUSPICION_S
from dispatch.positions.fix_rules import Bounds
from dispatch.positions.fix_rules import Fix
from dispatch.positions.fix_rules import Known
from dispatch.positions.fix_rules import refusals
from dispatch.positions.fix_rules import surroundings
from dispatch.positions.stored_fixes import DUPLICATE
from dispatch.positions.stored_fixes import HEARD_ONLY
from dispatch.positions.stored_fixes import NO_SUCH_CREW
from dispatch.positions.stored_fixes import OFF_DUTY_FIX
from dispatch.positions.stored_fixes import SAYS_NOTHING_NEW
from dispatch.positions.stored_fixes import USED
from dispatch.positions.stored_fixes import Hears
from dispatch.positions.stored_fixes import Report
from dispatch.positions.stored_fixes import Stored

_ENSURE_DAY = text("SELECT ensure_position_day(:day)")
_SUSPICION = timedelta(seconds=LONGEST_SUSPICION_S)
_crew_of = attrgetter("crew_id")


class FixStore:
    """Stores fixes in the tracks, and the newest usable one of each crew as its position.

    Whether the crews that reports name may be told of is for whoever brings them to know: what
    comes together is stored together, whosever crews they are.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._days: set[date] = set()
        self.hears: list[Hears] = []

    def store(self, reports: Sequence[Report]) -> list[Stored]:
        """Store reports in one transaction and return what became of each, in their order.

        Whoever is told that a fix is stored may forget it: like all other commits this one waits
        for the disk.
        """
        with within(EVERYTHING):
            days = {each.fixed_at.date() for each in reports if isinstance(each, Fix)}
            for day in days - self._days:
                self._ensure_day(day)
            return self._work.run(lambda session: self._store(session, reports))

    def _store(self, session: Session, reports: Sequence[Report]) -> list[Stored]:
        now = self._clock()
        crews = _known(session, {each.crew_id for each in reports})
        found, numbers = _sorted_out(reports, crews, _off_duty(session, reports, crews.duty))
        fixes = [report for number in numbers if isinstance(report := reports[number], Fix)]
        if fixes:
            batch = _judged(session, fixes, crews.known, now, crews.around)
            again = session.execute(STORE, {**columns(batch), "now": now}).scalars().all()
            for number, (_, why) in zip(numbers, batch, strict=True):
                found[number] = USED if why is None else Stored("kept", why)
            for ordinal in again:
                found[numbers[ordinal - 1]] = DUPLICATE
        _note_heard(session, reports, found, now)
        for hear in self.hears:
            hear(session, reports, found, now)
        return found

    def _ensure_day(self, day: date) -> None:
        with self._work.writing() as session:
            session.execute(_ENSURE_DAY, {"day": day})
        self._days.add(day)


def concerns_all(error: Exception) -> bool:
    """Tell whether an error is the database's, which is away or overloaded, and not a fix's."""
    return isinstance(error, OperationalError | PoolTimeoutError)


class _Crews(NamedTuple):
    """What is known of crews before new fixes are judged, and where crews can be."""

    known: dict[int, Known]
    duty: dict[int, OnDuty]
    around: Bounds | None


def _known(session: Session, crew_ids: Iterable[int]) -> _Crews:
    """Return what is known of those crews that exist."""
    rows = session.execute(KNOWN, {"crew_ids": list(crew_ids)}).all()
    known = {row[0]: Known(_latest(row) if row.fixed_at else None) for row in rows}
    duty = {row[0]: OnDuty(row.on_duty, row.began_at) for row in rows}
    ground = rows[0][8:] if rows else (None,)
    return _Crews(known, duty, None if None in ground else surroundings(ground))


def _sorted_out(
    reports: Sequence[Report], crews: _Crews, off_duty: Collection[int]
) -> tuple[list[Stored], list[int]]:
    """Return what is settled of reports, and the numbers of fixes to judge, by crew and time."""
    found = [NO_SUCH_CREW] * len(reports)
    first: dict[tuple[int, datetime], int] = {}
    for number, report in enumerate(reports):
        if report.crew_id not in crews.known:
            continue
        if number in off_duty:
            found[number] = OFF_DUTY_FIX
        elif isinstance(report, Heartbeat):
            found[number] = HEARD_ONLY
        elif first.setdefault(report.order, number) != number:
            found[number] = DUPLICATE
    return found, [number for order, number in sorted(first.items())]


def _latest(row: Row[Any]) -> Fix:
    device = None if row.tracker_id is None else Device(row.tracker_id)
    return Fix(row.id, row.fixed_at, row.lon, row.lat, row.accuracy_m, device=device)


def _off_duty(
    session: Session, reports: Sequence[Report], duty: dict[int, OnDuty]
) -> frozenset[int]:
    """Return which reports are of a time when their crew was off duty, by number.

    By the time of the fix, not of its coming: what a phone kept while it had no signal belongs to
    the shift that it was made in.
    """
    outside: dict[int, Report] = {}
    for number, report in enumerate(reports):
        mine = duty.get(report.crew_id)
        if mine is None:
            continue
        if isinstance(report, Heartbeat):
            if not mine.now:
                outside[number] = report
        elif not mine.covers(report.fixed_at):
            outside[number] = report
    fixes = [each for each in outside.values() if isinstance(each, Fix)]
    if not fixes:
        return frozenset(outside)
    spells: dict[int, list[tuple[datetime, datetime]]] = {}
    period = {
        "crew_ids": sorted({fix.crew_id for fix in fixes}),
        "since": min(fix.fixed_at for fix in fixes) - _SUSPICION,
        "until": max(fix.fixed_at for fix in fixes) + _SUSPICION,
    }
    for row in session.execute(SPELLS, period):
        spells.setdefault(row.crew_id, []).append((row.began_at, row.ended_at))
    return frozenset(
        number
        for number, report in outside.items()
        if isinstance(report, Heartbeat)
        or not was_on_duty(spells.get(report.crew_id, ()), report.fixed_at)
    )


def _note_heard(
    session: Session, reports: Sequence[Report], found: Sequence[Stored], now: datetime
) -> None:
    """Note which devices were heard without a fix that became their crew's position."""
    heard: dict[tuple[int, int], bool] = {}
    used = set()
    for report, stored in zip(reports, found, strict=True):
        key = report.crew_id, report.tracker_id or 0
        if stored.status == "used":
            used.add(key)
        elif stored.status != "refused":
            heard[key] = heard.get(key, True) and stored.reason in SAYS_NOTHING_NEW
    rest = sorted(key for key in heard if key not in used)
    if rest:
        parameters = {
            "crew_ids": [crew_id for crew_id, _ in rest],
            "tracker_ids": [tracker_id or None for _, tracker_id in rest],
            "stands": [heard[key] for key in rest],
            "now": now,
        }
        session.execute(HEARD, parameters)


def _judged(
    session: Session,
    fixes: Sequence[Fix],
    known: dict[int, Known],
    now: datetime,
    around: Bounds | None,
) -> list[tuple[Fix, str | None]]:
    """Return fixes, sorted by crew and time, with why they are not usable."""
    by_crew = {crew_id: list(mine) for crew_id, mine in groupby(fixes, key=_crew_of)}
    why = {
        crew_id: refusals(mine, known[crew_id], now, around) for crew_id, mine in by_crew.items()
    }
    suspects = [crew_id for crew_id, reasons in why.items() if IMPOSSIBLE in reasons]
    if suspects:
        for doubted in _doubted(session, [fix for each in suspects for fix in by_crew[each]]):
            crew_id = doubted.crew_id
            remembered = known[crew_id]._replace(doubted=doubted)
            why[crew_id] = refusals(by_crew[crew_id], remembered, now, around)
    return [
        (fix, reason)
        for crew_id, mine in by_crew.items()
        for fix, reason in zip(mine, why[crew_id], strict=True)
    ]


def _doubted(session: Session, fixes: Sequence[Fix]) -> list[Fix]:
    """Return the newest fix of each crew that was doubted before these."""
    parameters = {
        "crew_ids": sorted({fix.crew_id for fix in fixes}),
        "since": min(fix.fixed_at for fix in fixes) - _SUSPICION,
        "until": max(fix.fixed_at for fix in fixes),
    }
    return [
        Fix(*row[:4], device=None if row.tracker_id is None else Device(row.tracker_id))
        for row in session.execute(DOUBTED, parameters)
    ]
