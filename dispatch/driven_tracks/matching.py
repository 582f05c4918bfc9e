"""Match what was driven for orders once they have ended, and forget it when it is too old."""

import logging
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Protocol

import numpy as np
from sqlalchemy import Double
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import Clock
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.driven_tracks import track_rows
from dispatch.driven_tracks.track_rows import EndedOrder
from dispatch.positions.models import PositionReport
from dispatch.roads.types import DrivenWay
from dispatch.roads.types import TrackFixes

LOG = logging.getLogger(__name__)
# Late fixes still come in for a while: a phone that was without signal sends what it kept.
_SETTLED_AFTER = timedelta(minutes=15)
_AT_ONCE = 20
_LONGEST = timedelta(hours=24)


class MatchesTracks(Protocol):
    """What matches tracks to streets."""

    def match_all(self, tracks: Sequence[TrackFixes]) -> list[DrivenWay] | None:
        """Return what was driven on each; None if there are no streets yet."""


class TrackMaking:
    """Makes the tracks of ended orders; done twice, or by two at once, it does no harm."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        streets: MatchesTracks,
        clock: Clock,
        *,
        positions_kept: timedelta,
        tracks_kept: timedelta,
    ) -> None:
        """Know where to read and to write.

        Parameters
        ----------
        positions_kept
            Of orders that ended before, there are no positions left.
        tracks_kept
            How long tracks are kept.
        """
        self._work = unit_of_work
        self._streets = streets
        self._clock = clock
        self._positions_kept, self._tracks_kept = positions_kept, tracks_kept

    def make(self) -> int:
        """Match what was driven for all orders that have ended; return how many."""
        made = 0
        while True:
            now = self._clock()
            with self._work.reading() as session:
                orders = self._waiting(session, now)
                tracks = [_fixes(session, order) for order in orders]
            if not orders:
                break
            ways = self._streets.match_all(tracks)
            if ways is None:
                LOG.info("No road network is prepared yet: tracks are made later")
                break
            with self._work.writing() as session:
                for order, way in zip(orders, ways, strict=True):
                    made += track_rows.store(session, order, way, now)
        if made:
            LOG.info("Matched the tracks of %d orders", made)
        return made

    def forget(self) -> int:
        """Delete tracks that are too old; return how many."""
        with self._work.writing() as session:
            return track_rows.forget_before(session, self._clock() - self._tracks_kept)

    def _waiting(self, session: Session, now: datetime) -> list[EndedOrder]:
        since = now - min(self._positions_kept, self._tracks_kept)
        return track_rows.without_track(session, since, now - _SETTLED_AFTER, _AT_ONCE)


def _fixes(session: Session, order: EndedOrder) -> TrackFixes:
    """Return the usable fixes of the crew between setting out and the end of the order."""
    begin = max(order.from_at, order.until_at - _LONGEST)
    query = (
        select(
            longitude(PositionReport.point),
            latitude(PositionReport.point),
            cast(func.extract("epoch", PositionReport.fixed_at), Double),
            PositionReport.accuracy_m,
            PositionReport.heading_deg,
            PositionReport.speed_mps,
        )
        .where(
            PositionReport.crew_id == order.crew_id,
            PositionReport.fixed_at.between(begin, order.until_at),
            PositionReport.refusal.is_(None),
        )
        .order_by(PositionReport.fixed_at)
    )
    found = session.execute(query).all()
    rows = np.array([tuple(row) for row in found], dtype=np.float64).reshape(-1, 6)
    return TrackFixes(rows[:, :2], rows[:, 2], rows[:, 3], rows[:, 4], rows[:, 5])
