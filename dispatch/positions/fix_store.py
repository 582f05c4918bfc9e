"""Stores fixes: judged against what is known of their crews, in one transaction."""

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.positions.batch_statements import DOUBTED
from dispatch.positions.batch_statements import KNOWN
from dispatch.positions.batch_statements import STORE
from dispatch.positions.batch_statements import columns
from dispatch.positions.fix_rules import IMPOSSIBLE
from dispatch.positions.fix_rules import LONGEST_SUSPICION_S
from dispatch.positions.fix_rules import Bounds
from dispatch.positions.fix_rules import Fix
from dispatch.positions.fix_rules import Known
from dispatch.positions.fix_rules import refusals
from dispatch.positions.fix_rules import surroundings
from dispatch.positions.types import FixStatus

_ENSURE_DAY = text("SELECT ensure_position_day(:day)")
_SUSPICION = timedelta(seconds=LONGEST_SUSPICION_S)
_crew_of = attrgetter("crew_id")


class Stored(NamedTuple):
    """What became of a fix: ``used``, ``kept`` with a reason, ``duplicate``, or an unknown crew."""

    status: FixStatus
    reason: str | None = None


USED = Stored("used")
DUPLICATE = Stored("duplicate")
NO_SUCH_CREW = Stored("refused", "no_such_crew")


class FixStore:
    """Stores fixes in the tracks, and the newest usable one of each crew as its position."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._days: set[date] = set()

    def store(self, fixes: Sequence[Fix]) -> list[Stored]:
        """Store fixes in one transaction and return what became of each, in their order.

        Whoever is told that a fix is stored may forget it: like all other commits this one waits
        for the disk.
        """
        for day in {fix.fixed_at.date() for fix in fixes} - self._days:
            self._ensure_day(day)
        return self._work.run(lambda session: self._store(session, fixes))

    def _store(self, session: Session, fixes: Sequence[Fix]) -> list[Stored]:
        now = self._clock()
        found = [NO_SUCH_CREW] * len(fixes)
        known, around = _known(session, {fix.crew_id for fix in fixes})
        first: dict[tuple[int, datetime], int] = {}
        for number, fix in enumerate(fixes):
            if fix.crew_id in known and first.setdefault(fix.order, number) != number:
                found[number] = DUPLICATE
        numbers = [number for order, number in sorted(first.items())]
        if not numbers:
            return found
        batch = _judged(session, [fixes[number] for number in numbers], known, now, around)
        again = session.execute(STORE, {**columns(batch), "now": now}).scalars().all()
        for number, (_, why) in zip(numbers, batch, strict=True):
            found[number] = USED if why is None else Stored("kept", why)
        for ordinal in again:
            found[numbers[ordinal - 1]] = DUPLICATE
        return found

    def _ensure_day(self, day: date) -> None:
        with self._work.writing() as session:
            session.execute(_ENSURE_DAY, {"day": day})
        self._days.add(day)


def concerns_all(error: Exception) -> bool:
    """Tell whether an error is the database's, which is away or overloaded, and not a fix's."""
    return isinstance(error, OperationalError | PoolTimeoutError)


def _known(session: Session, crew_ids: Iterable[int]) -> tuple[dict[int, Known], Bounds | None]:
    """Return what is known of those crews that exist, and where crews can be."""
    rows = session.execute(KNOWN, {"crew_ids": list(crew_ids)}).all()
    known = {row[0]: Known(Fix(*row[:4]) if row.fixed_at else None) for row in rows}
    ground = rows[0][4:] if rows else (None,)
    return known, None if None in ground else surroundings(ground)


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
    return [Fix(*row) for row in session.execute(DOUBTED, parameters)]
