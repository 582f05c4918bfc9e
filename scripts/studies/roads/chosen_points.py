"""Demand and posts as they are named on the command line: a file, or what the desk knows."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import numpy as np

from routing.reach.street_points import lived_on
from scripts.errors import UsageError
from scripts.studies.inputs.desk_points import desk_session
from scripts.studies.inputs.desk_points import live_positions
from scripts.studies.inputs.desk_points import past_incidents
from scripts.studies.inputs.desk_points import standby_points
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.reading import read_points
from scripts.studies.roads.study_roads import StudyRoads

ROADS = "roads"
INCIDENTS = "incidents"
STANDBY = "standby"
LIVE = "live"
_APART_M = 25.0


def read_demand(
    what: str, roads: StudyRoads, how: Reading, *, now: datetime, days: int, most: int
) -> Points:
    """Return demand: ``roads``, ``incidents``, or the points of a file.

    Parameters
    ----------
    now, days
        Incidents are those of so many days before that instant.
    most
        The number of points that stand for the roads.

    Raises
    ------
    UsageError, DatabaseError
        If there is none.
    """
    if what == ROADS:
        return road_length(roads, most)
    if what == INCIDENTS:
        with desk_session() as session:
            return past_incidents(session, now - timedelta(days=days), now)
    return read_points(Path(what), how)


def read_posts(what: str, how: Reading, *, now: datetime) -> Points:
    """Return posts: ``standby`` (the desk's stations), ``live`` (crews now), or those of a file.

    Raises
    ------
    UsageError, DatabaseError
        If there are none.
    """
    if what == STANDBY:
        with desk_session() as session:
            return standby_points(session)
    if what == LIVE:
        with desk_session() as session:
            return live_positions(session, now.astimezone(UTC))
    return read_points(Path(what), how)


def road_length(roads: StudyRoads, most: int) -> Points:
    """Return points spread evenly along the streets; weights are kilometres of street.

    There are so many at most, and none nearer to the next one than `_APART_M`.

    Motorways and trunk roads do not count, nor does what cannot be driven from the rest.

    Raises
    ------
    UsageError
        If there is no such street.
    """
    network = roads.router.network
    counted = roads.router.main_streets & lived_on(network)
    whole_km = float(network.roads.segment_length_m[counted].sum()) / 1000.0
    if not whole_km > 0.0:
        message = "This network has no streets along which anybody lives."
        raise UsageError(message)
    spread = roads.router.spread_points(min(most, max(1, int(1000.0 * whole_km / _APART_M))))
    names = network.roads.names
    of_street = network.roads.segment_name[spread.segment].tolist()
    return Points(
        names=tuple(names[one] or f"road {at}" for at, one in enumerate(of_street, start=1)),
        lonlat=spread.lonlat,
        weights=np.full(len(spread.lonlat), whole_km / len(spread.lonlat)),
    )
