"""Drives of the desk's own orders: predicted when sent, tracked, and matched to streets."""

from datetime import datetime
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.driven_tracks.models import DrivenSpeed
from dispatch.driven_tracks.models import DrivenTrack
from geodata.roads.types import ROAD_CLASSES
from scripts.errors import DatabaseError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.learned.drives import Drives
from scripts.studies.learned.drives import Parts

_LONGEST = timedelta(hours=6)


def read_drives(session: Session, since: datetime, time_zone: str) -> Drives:
    """Return the orders that were driven since, with the time predicted when they were sent.

    Orders begun elsewhere than predicted (queued behind others) are among them as they were
    predicted. Parts are what their matched tracks say; an order without a track has none.

    Raises
    ------
    DatabaseError
        If there are none.
    """
    query = (
        select(
            Assignment.id,
            Assignment.departed_at,
            Assignment.arrived_at,
            Assignment.travel_time_s,
        )
        .where(Assignment.departed_at >= since, Assignment.arrived_at.is_not(None))
        .order_by(Assignment.departed_at, Assignment.id)
    )
    kept, left_out = [], []
    rows: list[Any] = list(session.execute(query))
    for number, departed_at, arrived_at, predicted_s in rows:
        fault = _fault(departed_at, arrived_at, predicted_s)
        if fault:
            left_out.append(LeftOut(f"#{number}", "", fault, 1.0))
        else:
            took_s = (arrived_at - departed_at).total_seconds()
            kept.append((number, departed_at, predicted_s, took_s))
    if not kept:
        message = "No order was driven with a predicted and an actual time in that period."
        raise DatabaseError(message, mend="Give trips with --trips FILE, or more --days.")
    return Drives(
        [f"#{number}" for number, _, _, _ in kept],
        [at for _, at, _, _ in kept],
        np.array([predicted_s for _, _, predicted_s, _ in kept]),
        np.array([took_s for _, _, _, took_s in kept]),
        _parts(session, since, [number for number, _, _, _ in kept]),
        time_zone,
        left_out,
    )


def _fault(departed_at: datetime, arrived_at: datetime, predicted_s: float | None) -> str:
    if not predicted_s:
        return "not_predicted"
    if arrived_at <= departed_at:
        return "arrived_before_departing"
    return "longer_than_6_hours" if arrived_at - departed_at > _LONGEST else ""


def _parts(session: Session, since: datetime, numbers: list[int]) -> Parts:
    row_of = {number: row for row, number in enumerate(numbers)}
    query = (
        select(
            DrivenSpeed.assignment_id,
            DrivenSpeed.road_class,
            DrivenSpeed.hour_of_week,
            DrivenSpeed.free_flow_s,
            DrivenSpeed.turn_s,
            DrivenSpeed.driven_s,
        )
        .join(DrivenTrack, DrivenTrack.assignment_id == DrivenSpeed.assignment_id)
        .where(DrivenTrack.until_at >= since, DrivenSpeed.driven_s > 0.0)
    )
    rows = [
        (row_of[number], ROAD_CLASSES.index(name), *values)
        for number, name, *values in session.execute(query)
        if number in row_of and name in ROAD_CLASSES
    ]
    rows.sort()
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    free_s = np.zeros((len(table), len(ROAD_CLASSES)))
    free_s[np.arange(len(table)), table[:, 1].astype(np.int64)] = table[:, 3]
    return Parts(
        table[:, 0].astype(np.int64),
        table[:, 2].astype(np.int64),
        free_s,
        # Who drove on where turning should have cost time did not lose all of it.
        np.minimum(table[:, 4], 0.5 * table[:, 5]),
        table[:, 5],
    )
