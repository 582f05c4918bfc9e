"""Squares of ground with demand that nobody reaches in time: where a post would help most.

Single worst-served points are often the last house of a valley; what a planner looks for is where
much demand is late together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas
import numpy as np
import shapely

from routing.network.line_geometry import metres_per_degree
from scripts.studies.coverage.cover_study import Coverage

GAP_M = 500.0


@dataclass(frozen=True, slots=True)
class Gap:
    """A square with demand that is not in time within the longest limit.

    Attributes
    ----------
    name
        Of the demand point there that has the greatest weight.
    late
        Demand that is late.
    mean_s
        Of its response times, of those that are reached; NaN if none is.
    post
        Which is first at the point that gives the name; -1 for none.
    lonlat
        Where the late demand is in the middle.
    square
        West, south, east, north.
    """

    name: str
    late: float
    mean_s: float
    post: int
    lonlat: tuple[float, float]
    square: tuple[float, float, float, float]


def find_gaps(coverage: Coverage, side_m: float = GAP_M) -> list[Gap]:
    """Return all squares with late demand, that with most of it first."""
    demand = coverage.demand
    late = np.flatnonzero((coverage.response_s > coverage.limits_s[-1]) & (demand.weights > 0.0))
    if not len(late):
        return []
    corner = demand.lonlat[late].min(axis=0)
    side = side_m / np.stack(metres_per_degree(np.array(demand.lonlat[late, 1].mean())))
    cells = np.floor((demand.lonlat[late] - corner) / side).astype(np.int64)
    squares, of_square = np.unique(cells, axis=0, return_inverse=True)
    order = np.argsort(of_square, kind="stable")
    members = np.split(late[order], np.cumsum(np.bincount(of_square))[:-1])
    gaps = []
    for square, some in zip(squares, members, strict=True):
        weights, response_s = demand.weights[some], coverage.response_s[some]
        reached = np.isfinite(response_s)
        greatest = int(some[weights.argmax()])
        lon, lat = np.average(demand.lonlat[some], axis=0, weights=weights).tolist()
        west, south = (corner + square * side).tolist()
        east, north = (corner + (square + 1) * side).tolist()
        gaps.append(
            Gap(
                name=demand.names[greatest],
                late=float(weights.sum()),
                mean_s=(
                    float(np.average(response_s[reached], weights=weights[reached]))
                    if reached.any()
                    else float("nan")
                ),
                post=int(coverage.post[greatest]),
                lonlat=(lon, lat),
                square=(west, south, east, north),
            )
        )
    return sorted(gaps, key=lambda gap: -gap.late)


def gap_squares(gaps: Sequence[Gap]) -> geopandas.GeoDataFrame:
    """Return the squares as areas."""
    return geopandas.GeoDataFrame(
        {"name": [gap.name for gap in gaps], "late": [gap.late for gap in gaps]},
        geometry=[shapely.box(*gap.square) for gap in gaps],
        crs="EPSG:4326",
    )
