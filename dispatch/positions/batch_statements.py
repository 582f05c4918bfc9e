"""The statements that store a batch of fixes: in the tracks, and as where crews are now.

Arrays go out as text that is put together here: adapting them value by value takes longer than
everything that PostgreSQL then does with them.
"""

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import true
from sqlalchemy.dialects.postgresql import distinct_on

from dispatch.core.sql_expressions import any_of
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.positions.device_rules import MOVING_MPS
from dispatch.positions.device_rules import REST_RADIUS_M
from dispatch.positions.fix_rules import IMPOSSIBLE
from dispatch.positions.fix_rules import OUTDATED
from dispatch.positions.fix_rules import Fix
from dispatch.positions.models import CrewPosition
from dispatch.positions.models import PositionReport
from dispatch.shifts.models import DutySpell
from geodata.ground.models import Ground

_GROUND = (
    select(
        func.ST_XMin(Ground.bounds).label("west"),
        func.ST_YMin(Ground.bounds).label("south"),
        func.ST_XMax(Ground.bounds).label("east"),
        func.ST_YMax(Ground.bounds).label("north"),
    )
    .order_by(Ground.id.desc())
    .limit(1)
    .subquery("ground_in_use")
)
KNOWN = (
    select(
        Crew.id,
        CrewPosition.fixed_at,
        longitude(CrewPosition.point).label("lon"),
        latitude(CrewPosition.point).label("lat"),
        CrewPosition.accuracy_m,
        CrewPosition.tracker_id,
        (Crew.duty != Duty.OFF_DUTY.value).label("on_duty"),
        DutySpell.began_at,
        _GROUND,
    )
    .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
    .outerjoin(DutySpell, (DutySpell.crew_id == Crew.id) & DutySpell.ended_at.is_(None))
    .outerjoin(_GROUND, true())
    .where(any_of(Crew.id, "crew_ids"))
)
"""Which crews there are, with their latest usable fix and their duty, and the ground's bounds."""

SPELLS = (
    select(DutySpell.crew_id, DutySpell.began_at, DutySpell.ended_at)
    .where(
        any_of(DutySpell.crew_id, "crew_ids"),
        DutySpell.began_at <= bindparam("until"),
        DutySpell.ended_at >= bindparam("since"),
    )
    .order_by(DutySpell.crew_id, DutySpell.began_at)
)
"""When crews were on duty before, as far as it touches a period."""

DOUBTED = (
    select(
        PositionReport.crew_id,
        PositionReport.fixed_at,
        longitude(PositionReport.point).label("lon"),
        latitude(PositionReport.point).label("lat"),
        PositionReport.tracker_id,
    )
    .join(CrewPosition, CrewPosition.crew_id == PositionReport.crew_id)
    .where(
        any_of(PositionReport.crew_id, "crew_ids"),
        PositionReport.fixed_at > CrewPosition.fixed_at,
        PositionReport.fixed_at.between(bindparam("since"), bindparam("until")),
        PositionReport.refusal == IMPOSSIBLE,
    )
    .order_by(PositionReport.crew_id, PositionReport.fixed_at.desc())
    .ext(distinct_on(PositionReport.crew_id))
)
"""Of each crew the newest fix that was doubted since its latest usable one."""

_ASIDE = 997
_COLUMNS = {
    "crew_id": "bigint",
    "fixed_at": "timestamptz",
    "lon": "float8",
    "lat": "float8",
    "accuracy_m": "float8",
    "speed_mps": "float8",
    "heading_deg": "float8",
    "battery_pct": "float8",
    "refusal": "text",
    "tracker_id": "bigint",
}
_ARRAYS = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())
# One row a crew, in crew order: two batches can then wait for each other but never in a circle. A
# clock that is ahead must not make what comes after look old: for where the crew is now, its fix
# counts from when we had it. The track keeps the device's own time. A crew moves if its device says
# so, or once it is away from where it last stopped; that place stays, or it would creep unnoticed.
STORE = text(
    f"""
    WITH fix AS MATERIALIZED (
        SELECT * FROM unnest({_ARRAYS}) WITH ORDINALITY AS fix ({", ".join(_COLUMNS)}, number)
    ), kept AS (
        INSERT INTO position_report (crew_id, fixed_at, received_at, point, accuracy_m, speed_mps,
                                     heading_deg, battery_pct, refusal, tracker_id)
        SELECT crew_id, fixed_at, :now,
               ST_SetSRID(ST_MakePoint(nullif(lon, 'NaN'), nullif(lat, 'NaN')), 4326), accuracy_m,
               speed_mps, heading_deg, battery_pct, refusal, tracker_id
        FROM fix
        ON CONFLICT DO NOTHING
        RETURNING crew_id, fixed_at
    ), used AS (
        INSERT INTO crew_position AS old (crew_id, point, fixed_at, received_at, accuracy_m,
                                          speed_mps, heading_deg, battery_pct, tracker_id,
                                          heard_at, known_at, moved_at, rest_point)
        SELECT DISTINCT ON (crew_id) crew_id, ST_SetSRID(ST_MakePoint(lon, lat), 4326),
               least(fixed_at, :now), :now, accuracy_m, speed_mps, heading_deg, battery_pct,
               tracker_id, :now, least(fixed_at, :now), least(fixed_at, :now),
               ST_SetSRID(ST_MakePoint(lon, lat), 4326)
        FROM fix JOIN kept USING (crew_id, fixed_at)
        WHERE refusal IS NULL
        ORDER BY crew_id, fixed_at DESC
        ON CONFLICT (crew_id) DO UPDATE SET
            point = excluded.point, fixed_at = excluded.fixed_at,
            received_at = excluded.received_at, accuracy_m = excluded.accuracy_m,
            speed_mps = excluded.speed_mps, heading_deg = excluded.heading_deg,
            battery_pct = coalesce(excluded.battery_pct, old.battery_pct),
            tracker_id = excluded.tracker_id, heard_at = excluded.heard_at,
            known_at = greatest(old.known_at, excluded.known_at),
            (moved_at, rest_point) = (
                SELECT CASE WHEN moves THEN excluded.moved_at ELSE old.moved_at END,
                       CASE WHEN moves THEN excluded.rest_point ELSE old.rest_point END
                FROM (SELECT coalesce(excluded.speed_mps, 0) >= {MOVING_MPS}
                      OR ST_DistanceSphere(old.rest_point, excluded.point)
                         > greatest({REST_RADIUS_M}, excluded.accuracy_m) AS moves) AS motion)
        WHERE old.fixed_at <= excluded.fixed_at
    )
    SELECT number FROM fix LEFT JOIN kept USING (crew_id, fixed_at) WHERE kept.crew_id IS NULL
    """  # noqa: S608  (constant text)
).bindparams(*(bindparam(name, type_=Text()) for name in _COLUMNS))
"""Stores a batch; returns the numbers, from 1, of those that were there already."""

HEARD = text("""
    UPDATE crew_position AS position SET heard_at = :now,
        known_at = CASE WHEN heard.stands AND position.moved_at < position.fixed_at THEN :now
            ELSE position.known_at END
    FROM unnest(CAST(:crew_ids AS bigint[]), CAST(:tracker_ids AS bigint[]),
        CAST(:stands AS boolean[])) AS heard (crew_id, tracker_id, stands)
    WHERE position.crew_id = heard.crew_id
        AND position.tracker_id IS NOT DISTINCT FROM heard.tracker_id
        AND position.heard_at < :now
""")
"""Notes that devices were heard without a usable fix, of those that crews' positions are of.

Where nothing of what they said speaks against it (``stands``), a crew that stood still stands.
"""


def columns(batch: Sequence[tuple[Fix, str | None]]) -> dict[str, str]:
    """Return the arrays of a batch: fixes with why they cannot be used, if so."""
    fixes = [fix for fix, _ in batch]
    values: dict[str, Iterable[Any]] = dict(zip(Fix._fields, zip(*fixes, strict=True), strict=True))
    values["fixed_at"] = [_stored_at(fix, why).isoformat() for fix, why in batch]
    # A late fix is as good for the track as any; only the crew's present place is newer.
    values["refusal"] = [None if why == OUTDATED else why for _, why in batch]
    values["tracker_id"] = [fix.tracker_id for fix in fixes]
    return {name: _array(values[name]) for name in _COLUMNS}


def _stored_at(fix: Fix, why: str | None) -> datetime:
    """Return the instant that a fix is stored under: one row a crew and instant.

    A tracker's refused fix lies some microseconds beside, the same each time: else it would keep
    out what a crew's other device, or its page, says of the same second.
    """
    if why in {None, OUTDATED} or fix.tracker_id is None:
        return fix.fixed_at
    return fix.fixed_at + timedelta(microseconds=1 + fix.tracker_id % _ASIDE)


def _array(values: Iterable[Any]) -> str:
    """Return an array of numbers, times and plain words as PostgreSQL writes it."""
    return "{" + ",".join(["NULL" if each is None else str(each) for each in values]) + "}"
