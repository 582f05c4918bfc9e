"""Position reports: checked, kept, and the newest usable one made the crew's position.

Nothing is thrown away: a fix that cannot be used goes to the track with the reason, so that a
silent tracker can be told from a wrong one. Recording the same fix again changes nothing.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import BindParameter
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger
from sqlalchemy.types import DateTime
from sqlalchemy.types import Double
from sqlalchemy.types import Text
from sqlalchemy.types import TypeEngine

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.field_errors import field_errors
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.positions.fix_rules import OUTDATED
from dispatch.positions.fix_rules import Fix
from dispatch.positions.fix_rules import Known
from dispatch.positions.fix_rules import refusal
from dispatch.positions.models import CrewPosition
from dispatch.positions.types import CrewPositionAnswer
from dispatch.positions.types import PositionFix
from dispatch.positions.types import PositionResultAnswer
from dispatch.positions.types import PositionResultsAnswer
from dispatch.positions.types import ReportPositions

_READ = PositionFix.model_validate
_MAX_AHEAD = timedelta(days=2)
# Longer than a request may wait for the pool and for locks before it commits.
_LATE_COMMIT = timedelta(seconds=45)
_ARRAYS: dict[str, TypeEngine[Any]] = {
    "crew_id": BigInteger(),
    "fixed_at": DateTime(timezone=True),
    "lon": Double(),
    "lat": Double(),
    "accuracy_m": Double(),
    "speed_mps": Double(),
    "heading_deg": Double(),
    "battery_pct": Double(),
    "refusal": Text(),
}
_UNNEST = """
    unnest(:crew_id, :fixed_at, :lon, :lat, :accuracy_m, :speed_mps, :heading_deg, :battery_pct,
           :refusal) AS fix (crew_id, fixed_at, lon, lat, accuracy_m, speed_mps, heading_deg,
           battery_pct, refusal)
"""
_PARAMETERS: list[BindParameter[Any]] = [
    bindparam(name, type_=ARRAY(kind)) for name, kind in _ARRAYS.items()
]
_KEEP = text(
    f"""
    INSERT INTO position_report (crew_id, fixed_at, received_at, point, accuracy_m, speed_mps,
                                 heading_deg, battery_pct, refusal)
    SELECT crew_id, fixed_at, :now, ST_SetSRID(ST_MakePoint(lon, lat), 4326), accuracy_m,
           speed_mps, heading_deg, battery_pct, refusal
    FROM {_UNNEST}
    ON CONFLICT DO NOTHING
    RETURNING crew_id, fixed_at
    """  # noqa: S608  (constant text)
).bindparams(*_PARAMETERS)
# One row a crew, in crew order: two batches can then wait for each other but never in a circle.
_USE = text(
    f"""
    INSERT INTO crew_position AS old (crew_id, point, fixed_at, received_at, accuracy_m,
                                      speed_mps, heading_deg, battery_pct)
    SELECT DISTINCT ON (crew_id) crew_id, ST_SetSRID(ST_MakePoint(lon, lat), 4326), fixed_at,
           :now, accuracy_m, speed_mps, heading_deg, battery_pct
    FROM {_UNNEST}
    WHERE refusal IS NULL
    ORDER BY crew_id, fixed_at DESC
    ON CONFLICT (crew_id) DO UPDATE SET
        point = excluded.point, fixed_at = excluded.fixed_at, received_at = excluded.received_at,
        accuracy_m = excluded.accuracy_m, speed_mps = excluded.speed_mps,
        heading_deg = excluded.heading_deg,
        battery_pct = coalesce(excluded.battery_pct, old.battery_pct)
    WHERE old.fixed_at < excluded.fixed_at
    """  # noqa: S608  (constant text)
).bindparams(*_PARAMETERS)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader of changed positions has come."""

    since: datetime
    seen: Mapping[int, datetime]


class PositionService:
    """Takes positions in and tells which changed."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, history: timedelta) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._history = history
        self._days: set[date] = set()

    def record(self, actor: Actor, report: ReportPositions) -> PositionResultsAnswer:
        """Take a batch of position reports; one bad report never holds up the others.

        Parameters
        ----------
        actor
            A crew, for itself; or an integration, which names the ``crew_id`` of each.
        report
            The batch; its fixes are read here, each on its own.

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
        now = self._clock()
        own_crew_id = None if foreign else actor.crew_id
        results: list[PositionResultAnswer] = []
        fixes: dict[int, Fix] = {}
        for index, raw in enumerate(report.positions):
            try:
                fixes[index] = self._usable(_READ(raw), now, own_crew_id)
                results.append({"index": index, "status": "used"})
            except ValidationError as error:
                results.append(_refused(index, field_errors(error, whole="position")))
            except InvalidInput as error:
                results.append(_refused(index, error.fields))
        if fixes:
            self._store(fixes, results, now)
        return {"results": results}

    def changed_since(self, cursor: Cursor | None) -> tuple[Cursor, list[CrewPositionAnswer]]:
        """Return the positions that changed since a reader last asked.

        Commits are not in the order of `received_at`, so each reading looks back a little and
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
        ).where(CrewPosition.received_at > cursor.since - _LATE_COMMIT)
        with self._work.reading() as session:
            rows = session.execute(query).all()
        changed: list[CrewPositionAnswer] = [
            {
                "crew_id": row.crew_id,
                "lon": row.lon,
                "lat": row.lat,
                "fixed_at": instant(row.fixed_at),
                "heading_deg": row.heading_deg,
                "speed_mps": row.speed_mps,
                "accuracy_m": row.accuracy_m,
                "battery_pct": row.battery_pct,
            }
            for row in rows
            if cursor.seen.get(row.crew_id) != row.fixed_at
        ]
        return Cursor(now, {row.crew_id: row.fixed_at for row in rows}), changed

    def _usable(self, fix: PositionFix, now: datetime, own_crew_id: int | None) -> Fix:
        """Return a fix with its crew, if its time and crew make sense."""
        wrong = []
        crew_id = own_crew_id or fix.crew_id
        if crew_id is None:
            wrong.append(FieldError("crew_id", N_("is required")))
        elif own_crew_id is not None and fix.crew_id not in {None, own_crew_id}:
            wrong.append(FieldError("crew_id", N_("must be your own crew")))
        if not now - self._history <= fix.fixed_at <= now + _MAX_AHEAD:
            message = N_("must be between %(days)s days ago and 2 days ahead")
            wrong.append(FieldError("fixed_at", message, {"days": self._history.days}))
        if wrong or crew_id is None:
            raise InvalidInput(wrong)
        return Fix(
            crew_id,
            fix.fixed_at,
            fix.lon,
            fix.lat,
            fix.accuracy_m,
            fix.speed_mps,
            fix.heading_deg,
            fix.battery_pct,
        )

    def _store(
        self, fixes: Mapping[int, Fix], results: list[PositionResultAnswer], now: datetime
    ) -> None:
        for day in {fix.fixed_at.date() for fix in fixes.values()} - self._days:
            self._ensure_day(day)

        def work(session: Session) -> None:
            # A lost second of positions is replaced by the next second; waiting for the disk at
            # every fix is not. Orders and events never do this.
            session.execute(text("SET LOCAL synchronous_commit = off"))
            known = self._known(session, {fix.crew_id for fix in fixes.values()})
            batch = _judged(fixes, known, results, now)
            if not batch:
                return
            parameters = _columns([(fix, why) for _, fix, why in batch]) | {"now": now}
            fresh = {(row.crew_id, row.fixed_at) for row in session.execute(_KEEP, parameters)}
            session.execute(_USE, parameters)
            for index, fix, why in batch:
                results[index] = _result(index, why, fresh=(fix.crew_id, fix.fixed_at) in fresh)

        self._work.run(work)

    @staticmethod
    def _known(session: Session, crew_ids: set[int]) -> dict[int, Known]:
        query = (
            select(
                Crew.id,
                CrewPosition.fixed_at,
                longitude(CrewPosition.point).label("lon"),
                latitude(CrewPosition.point).label("lat"),
            )
            .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
            .where(Crew.id.in_(crew_ids))
        )
        return {
            row.id: Known(Fix(row.id, row.fixed_at, row.lon, row.lat) if row.fixed_at else None)
            for row in session.execute(query)
        }

    def _ensure_day(self, day: date) -> None:
        with self._work.writing() as session:
            session.execute(text("SELECT ensure_position_day(:day)"), {"day": day})
        self._days.add(day)


def _judged(
    fixes: Mapping[int, Fix],
    known: dict[int, Known],
    results: list[PositionResultAnswer],
    now: datetime,
) -> list[tuple[int, Fix, str | None]]:
    """Return what is to be stored, each with its place in the batch and why it is not usable."""
    batch: list[tuple[int, Fix, str | None]] = []
    seen: set[tuple[int, datetime]] = set()
    for index, fix in sorted(fixes.items(), key=lambda item: item[1].order):
        crew = known.get(fix.crew_id)
        if crew is None:
            unknown = FieldError("crew_id", N_("There is no crew %(id)s."), {"id": fix.crew_id})
            results[index] = _refused(index, [unknown])
            continue
        if fix.order in seen:
            results[index] = {"index": index, "status": "duplicate"}
            continue
        why = refusal(fix, crew.latest, now)
        if why is None:
            known[fix.crew_id] = Known(fix)
        seen.add(fix.order)
        batch.append((index, fix, why))
    return batch


def _columns(batch: Sequence[tuple[Fix, str | None]]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: [getattr(fix, name) for fix, _ in batch] for name in _ARRAYS if name != "refusal"
    }
    # A late fix is as good for the track as any; only the crew's present place is newer.
    columns["refusal"] = [None if why == OUTDATED else why for _, why in batch]
    return columns


def _result(index: int, why: str | None, *, fresh: bool) -> PositionResultAnswer:
    if not fresh:
        return {"index": index, "status": "duplicate"}
    if why is None:
        return {"index": index, "status": "used"}
    return {"index": index, "status": "kept", "reason": why}


def _refused(index: int, errors: Sequence[FieldError]) -> PositionResultAnswer:
    return {
        "index": index,
        "status": "refused",
        "reason": "invalid_input",
        "errors": [{"field": each.field, "message": each.message()} for each in errors],
    }
