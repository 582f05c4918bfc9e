"""Position reports: checked, kept, and the newest usable one made the crew's position.

Nothing is thrown away: a fix that cannot be used goes to the track with the reason, so that a
silent tracker can be told from a wrong one. Recording the same fix again changes nothing.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta

from pydantic import ValidationError
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import NotAllowed
from dispatch.core.field_errors import field_errors
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_BATCH
from dispatch.core.sql_expressions import any_of
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.positions.fix_rules import Fix
from dispatch.positions.fix_store import FixStore
from dispatch.positions.fix_store import concerns_all
from dispatch.positions.group_commit import GroupCommit
from dispatch.positions.models import CrewPosition
from dispatch.positions.stored_fixes import NO_SUCH_CREW
from dispatch.positions.stored_fixes import Hears
from dispatch.positions.stored_fixes import Report
from dispatch.positions.stored_fixes import Stored
from dispatch.positions.types import CrewPositionAnswer
from dispatch.positions.types import PositionFix
from dispatch.positions.types import PositionResultAnswer
from dispatch.positions.types import PositionResultsAnswer
from dispatch.positions.types import ReportPositions

_MAX_AHEAD = timedelta(days=2)
# Longer than a request may wait for the pool and for locks before it commits.
_LATE_COMMIT = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader of changed positions has come."""

    since: datetime
    seen: Mapping[int, tuple[datetime, datetime]]


class PositionService:
    """Takes positions in and tells which changed.

    Parameters
    ----------
    unit_of_work
        Where they are stored.
    clock
        What time it is.
    history
        How old a fix may be.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, history: timedelta) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._history = history
        self._store = FixStore(unit_of_work, clock)
        self._together: GroupCommit[Report, Stored] = GroupCommit(
            self._store.store,
            largest=LARGEST_BATCH,
            concerns_all=concerns_all,
        )

    def record(self, actor: Actor, report: ReportPositions) -> PositionResultsAnswer:
        """Take a batch of position reports; one bad report never holds up the others.

        What comes at the same time, from whomever, is committed together.

        Parameters
        ----------
        actor
            A crew, for itself; or an integration, which names the ``crew_id`` of each.
        report
            The batch.

        Returns
        -------
        answer
            ``results``, one a report, in order: ``status`` is ``used`` (the crew's position now),
            ``kept`` (in the track only, with the reason), ``duplicate``, or ``refused`` (not
            stored: the message says which field is wrong and why).
        """
        foreign = actor.may(Permission.POSITION_WRITE_ANY)
        if not foreign:
            actor.require(Permission.POSITION_WRITE_OWN)
            if actor.crew_id is None:
                message = N_("Your account belongs to no crew.")
                raise NotAllowed(message)
        own_crew_id = None if foreign else actor.crew_id
        read = self._read(report.positions, own_crew_id)
        fixes = [each for each in read if isinstance(each, Fix)]
        seen = self._seen(actor, fixes) if foreign else None
        known = [each for each in fixes if seen is None or each.crew_id in seen]
        done = iter(self.take(known))
        stored = iter(
            [next(done) if seen is None or each.crew_id in seen else NO_SUCH_CREW for each in fixes]
        )
        return {
            "results": [
                _result(index, each, next(stored))
                if isinstance(each, Fix)
                else _refused(index, each)
                for index, each in enumerate(read)
            ]
        }

    def take(self, reports: Sequence[Report]) -> Sequence[Stored]:
        """Store what devices report, with all that comes at the same time, and return what became.

        Parameters
        ----------
        reports
            Of crews that whoever brings them may report of.
        """
        return self._together.run(reports) if reports else ()

    def hear_with(self, hears: Hears) -> None:
        """Have somebody told of all that is stored, inside the transaction that stores it."""
        self._store.hears.append(hears)

    def _seen(self, actor: Actor, fixes: Sequence[Fix]) -> frozenset[int] | None:
        """Return of which crews a program may report; None: of all."""
        if actor.scope.everything:
            return None
        crew_ids = sorted({fix.crew_id for fix in fixes})
        with self._work.reading() as session:
            seen = session.scalars(select(Crew.id).where(any_of(Crew.id, "ids")), {"ids": crew_ids})
            return frozenset(seen)

    def changed_since(self, cursor: Cursor | None) -> tuple[Cursor, list[CrewPositionAnswer]]:
        """Return the positions that changed since a reader last asked.

        Commits are not in the order of `heard_at`, so each reading looks back a little and
        leaves out what it has already told. The first reading tells nothing.
        """
        now = self._clock()
        if cursor is None:
            return Cursor(now, {}), []
        query = select(
            CrewPosition.crew_id,
            longitude(CrewPosition.point).label("lon"),
            latitude(CrewPosition.point).label("lat"),
            CrewPosition.fixed_at,
            CrewPosition.heading_deg,
            CrewPosition.speed_mps,
            CrewPosition.accuracy_m,
            CrewPosition.battery_pct,
            CrewPosition.known_at,
            CrewPosition.moved_at,
        ).where(CrewPosition.heard_at > cursor.since - _LATE_COMMIT)
        with self._work.reading() as session:
            rows = session.execute(query).all()
        changed: list[CrewPositionAnswer] = [
            {
                "crew_id": row.crew_id,
                "lon": row.lon,
                "lat": row.lat,
                "fixed_at": instant(row.fixed_at),
                "known_at": instant(row.known_at),
                "parked_since": instant(row.moved_at) if row.moved_at < row.fixed_at else None,
                "heading_deg": row.heading_deg,
                "speed_mps": row.speed_mps,
                "accuracy_m": row.accuracy_m,
                "battery_pct": row.battery_pct,
            }
            for row in rows
            if cursor.seen.get(row.crew_id) != (row.fixed_at, row.known_at)
        ]
        return Cursor(now, {row.crew_id: (row.fixed_at, row.known_at) for row in rows}), changed

    def _read(
        self, positions: Sequence[object], own_crew_id: int | None
    ) -> list[Fix | list[FieldError]]:
        """Return each report as a fix, or as what is wrong with it."""
        now = self._clock()
        earliest, latest = now - self._history, now + _MAX_AHEAD
        found: list[Fix | list[FieldError]] = []
        for raw in positions:
            try:
                fix = raw if isinstance(raw, PositionFix) else PositionFix.model_validate(raw)
            except ValidationError as error:
                found.append(field_errors(error, whole="position"))
                continue
            crew_id = own_crew_id or fix.crew_id
            fixed_at = fix.fixed_at
            if (
                crew_id is None
                or fix.crew_id not in {None, crew_id}
                or not earliest <= fixed_at <= latest
            ):
                found.append(self._wrong(fix, own_crew_id, earliest, latest))
                continue
            found.append(
                Fix(
                    crew_id,
                    fixed_at.astimezone(UTC),
                    fix.lon,
                    fix.lat,
                    fix.accuracy_m,
                    fix.speed_mps,
                    fix.heading_deg,
                    fix.battery_pct,
                )
            )
        return found

    def _wrong(
        self, fix: PositionFix, own_crew_id: int | None, earliest: datetime, latest: datetime
    ) -> list[FieldError]:
        """Return what makes no sense of a well-formed fix: its crew, its time or both."""
        wrong = []
        if own_crew_id is None and fix.crew_id is None:
            wrong.append(FieldError("crew_id", N_("is required")))
        elif own_crew_id is not None and fix.crew_id not in {None, own_crew_id}:
            wrong.append(FieldError("crew_id", N_("must be your own crew")))
        if not earliest <= fix.fixed_at <= latest:
            message = N_("must be between %(days)s days ago and 2 days ahead")
            wrong.append(FieldError("fixed_at", message, {"days": self._history.days}))
        return wrong


def _result(index: int, fix: Fix, stored: Stored) -> PositionResultAnswer:
    if stored == NO_SUCH_CREW:
        unknown = FieldError("crew_id", N_("There is no crew %(id)s."), {"id": fix.crew_id})
        return _refused(index, [unknown])
    if stored.reason is None:
        return {"index": index, "status": stored.status}
    return {"index": index, "status": stored.status, "reason": stored.reason}


def _refused(index: int, errors: Sequence[FieldError]) -> PositionResultAnswer:
    return {
        "index": index,
        "status": "refused",
        "reason": "invalid_input",
        "errors": [{"field": each.field, "message": each.message()} for each in errors],
    }
