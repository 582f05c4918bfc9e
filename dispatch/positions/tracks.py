"""Where crews were in a period, as replay and exports need it."""

import math
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement
from sqlalchemy import Double
from sqlalchemy import Row
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.positions.models import PositionReport
from dispatch.positions.track_simplification import split_at_silence
from dispatch.positions.track_simplification import thinned_to

Array = NDArray[np.float64]
FixRow = Row[int, float, float, float]
LONGEST_SILENCE_S = 120.0
"""A crew that is not heard for longer was somewhere unknown meanwhile: its track breaks there."""
_FINEST_M = 5.0
MOST_FIXES = 200_000
"""As many as one answer is made of: two days of one crew, one a second."""
_MOST_POINTS = 60_000


@dataclass(frozen=True, slots=True)
class Fixes:
    """The usable fixes of one crew in a period, in time.

    ``lonlat`` is WGS 84, longitude first, shape ``(n, 2)``; ``at_s`` are seconds since 1970, shape
    ``(n,)``.
    """

    crew_id: int
    lonlat: Array
    at_s: Array

    def stretches(self, every_s: float | None = None) -> list[slice]:
        """Return the stretches without a long silence, of one fix in so many seconds or of all."""
        return split_at_silence(self.at_s, max(LONGEST_SILENCE_S, 2.5 * (every_s or 0)))


@dataclass(frozen=True, slots=True)
class ThinTrack:
    """A crew's track as replay shows it.

    Each segment has rows of longitude, latitude and seconds since 1970, shape ``(n, 3)``; between
    two segments the crew was not heard.
    """

    crew_id: int
    segments: list[Array]
    fixes: int


@dataclass(frozen=True, slots=True)
class Thinning:
    """What was left out of tracks: at most one fix in so many seconds, then what lies even.

    ``every_s`` is None when every fix was looked at.
    """

    every_s: float | None
    tolerance_m: float


def interval_s(
    session: Session, crew_ids: Collection[int], since: datetime, until: datetime
) -> float | None:
    """Return of how many seconds one fix can be read; None where all of them are few enough.

    However often devices report, so many seconds leave about as many fixes as may be read.
    """
    crew_id = PositionReport.crew_id
    counting = select(func.count(), func.count(crew_id.distinct()))
    count, crews = session.execute(counting.where(*_usable(crew_ids, since, until))).one()
    if count <= MOST_FIXES:
        return None
    return float(math.ceil((until - since).total_seconds() * crews / MOST_FIXES))


def read_fixes(
    session: Session,
    crew_ids: Collection[int],
    since: datetime,
    until: datetime,
    every_s: float | None = None,
) -> Sequence[FixRow]:
    """Return the usable fixes of crews in a period, or the first of each in so many seconds.

    They are rows for `by_crew`, which is work for a thread and not for an open transaction.
    """
    epoch = cast(func.extract("epoch", PositionReport.fixed_at), Double)  # else decimals come
    query = (
        select(
            PositionReport.crew_id,
            epoch,
            longitude(PositionReport.point),
            latitude(PositionReport.point),
        )
        .where(*_usable(crew_ids, since, until))
        .order_by(PositionReport.crew_id, PositionReport.fixed_at)
    )
    if every_s is not None:
        bucket = func.floor(epoch / every_s)
        query = query.ext(distinct_on(PositionReport.crew_id, bucket)).order_by(None)
        query = query.order_by(PositionReport.crew_id, bucket, PositionReport.fixed_at)
    return session.connection().execute(query).all()


def by_crew(rows: Sequence[FixRow]) -> list[Fixes]:
    """Return fixes as `read_fixes` read them, by crew; crews without any are missing."""
    table = np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, 4)
    ids, starts = np.unique(table[:, 0], return_index=True)
    parts = np.split(table, starts[1:]) if len(starts) else []
    return [
        Fixes(int(crew_id), part[:, 2:4], part[:, 1])
        for crew_id, part in zip(ids, parts, strict=True)
    ]


def thin_tracks(
    fixes: Collection[Fixes], every_s: float | None
) -> tuple[list[ThinTrack], Thinning]:
    """Return tracks with the points that are needed to tell where each crew was at any time."""
    pieces = [(each, part) for each in fixes for part in each.stretches(every_s)]
    kept, tolerance_m = thinned_to(
        [(each.lonlat[part], each.at_s[part]) for each, part in pieces], _FINEST_M, _MOST_POINTS
    )
    segments: dict[int, list[Array]] = {each.crew_id: [] for each in fixes}
    for (each, part), chosen in zip(pieces, kept, strict=True):
        rows = np.column_stack([each.lonlat[part], each.at_s[part]])[chosen]
        segments[each.crew_id].append(rows)
    tracks = [ThinTrack(each.crew_id, segments[each.crew_id], len(each.at_s)) for each in fixes]
    return tracks, Thinning(every_s, math.ceil(tolerance_m * 10) / 10)


def _usable(
    crew_ids: Collection[int], since: datetime, until: datetime
) -> tuple[ColumnElement[bool], ...]:
    return (
        PositionReport.crew_id.in_(crew_ids),
        PositionReport.fixed_at.between(since, until),
        PositionReport.refusal.is_(None),
    )
