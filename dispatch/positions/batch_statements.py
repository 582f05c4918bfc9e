"""The two statements that store a batch of fixes: in the tracks, and as where crews are now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import bindparam
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger
from sqlalchemy.types import DateTime
from sqlalchemy.types import Double
from sqlalchemy.types import Text
from sqlalchemy.types import TypeEngine

from dispatch.positions.fix_rules import OUTDATED
from dispatch.positions.fix_rules import Fix

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
KEEP = text(
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
USE = text(
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


def columns(batch: Sequence[tuple[Fix, str | None]]) -> dict[str, list[Any]]:
    """Return the parameters of both statements: fixes with why they cannot be used, if so."""
    found: dict[str, list[Any]] = {
        name: [getattr(fix, name) for fix, _ in batch] for name in _ARRAYS if name != "refusal"
    }
    # A late fix is as good for the track as any; only the crew's present place is newer.
    found["refusal"] = [None if why == OUTDATED else why for _, why in batch]
    return found
