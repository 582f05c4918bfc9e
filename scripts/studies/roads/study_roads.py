"""The roads of a study: one network, one profile, one hour, some closures."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from routing.closures.types import Closure
from routing.locate.nearby_streets import NearbyStreets
from routing.router import Router
from scripts.roads.command_router import open_router
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.reading import SWAPPED
from scripts.studies.roads.road_distances import distances_to_roads_m

OFF_NETWORK = "off_network"
_POSTS_AT_ONCE = 16


class Placed:
    """Points of which each lies on a road, found once for any number of searches.

    Attributes
    ----------
    points
        Those on the network.
    targets
        The streets at which to arrive.
    """

    def __init__(self, points: Points, router: Router, targets: NearbyStreets) -> None:
        self.points, self.targets = points, targets
        self._router = router

    @cached_property
    def origins(self) -> NearbyStreets:
        """The streets from which to set out, found when first asked for."""
        return self._router.streets_from(self.points.lonlat)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.points)


@dataclass(frozen=True, eq=False)
class Nearest:
    """Which post is first at each point.

    Attributes
    ----------
    travel_time_s
        Seconds, ``inf`` beyond the limit or where no road leads; shape ``(n,)``.
    post
        Index of the post, -1 where none is in time; shape ``(n,)``.
    """

    travel_time_s: FloatArray
    post: IntArray


class StudyRoads:
    """Travel times by road for one profile, hour and set of closures, equal to the desk's."""

    def __init__(self, router: Router) -> None:
        self.router = router

    @classmethod
    def open(
        cls, pbf: Path | None = None, *, profile: str = "normal", speeds: Path | None = None
    ) -> Self:
        """Return the roads of an extract, or of the ground in use.

        Parameters
        ----------
        speeds
            A file of speed factors by class and hour; None: free flow at every hour.

        Raises
        ------
        GroundError
            If the extract cannot be read.
        DatabaseError
            If no ground has been imported.
        UsageError
            If the file of speeds cannot be read.
        """
        return cls(open_router(pbf, profile, speeds))

    def under(self, *, profile: str | None = None, at: datetime | None = None) -> Self:
        """Return the same roads for another profile or hour; closures apply to all."""
        return type(self)(self.router.under(profile=profile, at=at))

    def close(self, closures: Iterable[Closure], now: datetime) -> None:
        """Close the roads of these closures, and open all others.

        Raises
        ------
        ClosureError
            If one cannot be placed on this network; nothing is changed then.
        """
        self.router.set_closures(closures, now)

    def place(self, points: Points) -> Placed:
        """Return the points that lie on the network; the others are in ``points.left_out``."""
        targets = self.router.streets_to(points.lonlat)
        off = np.flatnonzero(~targets.on_road)
        if not len(off):
            return Placed(points, self.router, targets)
        kept = points.only(targets.on_road, self._off_network(points, off))
        return Placed(kept, self.router, targets[targets.on_road])

    def _off_network(self, points: Points, off: IntArray) -> list[LeftOut]:
        """Return the rows of points off every road, with the distance, and whether swapped."""
        network = self.router.network
        distance_m = distances_to_roads_m(network, points.lonlat[off])
        west, south, east, north = network.bounds
        there = points.lonlat[off][:, ::-1]
        swapped = np.asarray(((there >= (west, south)) & (there <= (east, north))).all(axis=1))
        return [
            LeftOut(
                points.names[one],
                "" if points.where is None else points.where[one],
                SWAPPED if is_swapped else OFF_NETWORK,
                float(points.weights[one]),
                round(off_m, 1),
            )
            for one, off_m, is_swapped in zip(
                off.tolist(), distance_m.tolist(), swapped.tolist(), strict=True
            )
        ]

    def times(self, origins: Placed, targets: Placed) -> FloatArray:
        """Return the OD matrix, seconds, rows are origins; ``inf`` where no road leads."""
        return self.router.matrix(origins.origins, targets.targets)

    def nearest(self, posts: Placed, targets: Placed, limit_s: float = np.inf) -> Nearest:
        """Return for each target the post that is first there, within a limit.

        The least of each column of `times`, by one search outwards from all posts together.
        """
        travel_time_s, post = self.router.first_arrivals(posts.origins, targets.targets, limit_s)
        return Nearest(travel_time_s, post)

    def times_within(
        self, posts: Placed, targets: Placed, limit_s: float
    ) -> Iterator[tuple[int, IntArray, FloatArray]]:
        """Yield for each post the targets within a limit, ascending, and the times to them."""
        for first in range(0, len(posts), _POSTS_AT_ONCE):
            some = posts.origins[first : first + _POSTS_AT_ONCE]
            for row, times_s in enumerate(
                self.router.matrix_within(some, targets.targets, limit_s), start=first
            ):
                reached = np.flatnonzero(np.isfinite(times_s))
                yield row, reached, times_s[reached]

    def within(self, posts: Placed, targets: Placed, limit_s: float) -> Sequence[IntArray]:
        """Return for each post the targets that it reaches within a limit, ascending."""
        return [reached for _, reached, _ in self.times_within(posts, targets, limit_s)]
