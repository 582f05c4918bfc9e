"""The streets by which a place can be reached or left, each with the walk to it."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from routing.locate.snapping import Snaps
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

WALKING_MPS = 1.4
MOST_STREETS = 6


@dataclass(frozen=True, eq=False)
class NearbyStreets:
    """Some streets near each of many positions; a search takes the one with the best total time.

    Attributes
    ----------
    edge
        Directed edges as in `routing.locate.snapping.Snaps`, no street twice for one position;
        int64, shape ``(n, k)``. Filled up with -1; -1 throughout off road.
    offset_m
        Metres from the beginning of each, shape ``(n, k)``.
    distance_m
        Straight distance to be walked between the position and that point, shape ``(n, k)``;
        ``inf`` where there is no street.
    headed
        Whether the heading is known to be that of ``edge``, shape ``(n, k)``.
    network_hash
        Content hash of the network that the edges belong to.
    """

    edge: IntArray
    offset_m: FloatArray
    distance_m: FloatArray
    headed: BoolArray
    network_hash: str

    @classmethod
    def of_snaps(cls, snaps: Snaps) -> Self:
        """Return snapped positions: each stands for its point on the road, with no walk to it."""
        walk_m = np.where(snaps.edge >= 0, 0.0, np.inf)
        return cls(
            edge=snaps.edge[:, np.newaxis],
            offset_m=snaps.offset_m[:, np.newaxis],
            distance_m=walk_m[:, np.newaxis],
            headed=snaps.headed[:, np.newaxis],
            network_hash=snaps.network_hash,
        )

    @classmethod
    def nowhere(cls, count: int, network_hash: str) -> Self:
        """Return so many positions without any street, to be filled by `replace`."""
        shape = (count, MOST_STREETS)
        return cls(
            edge=np.full(shape, -1, dtype=np.int64),
            offset_m=np.full(shape, np.nan),
            distance_m=np.full(shape, np.inf),
            headed=np.zeros(shape, dtype=np.bool_),
            network_hash=network_hash,
        )

    def replace(self, rows: slice | IntArray, others: Self) -> None:
        """Write other positions over some rows."""
        width = others.edge.shape[1]
        self.edge[rows], self.offset_m[rows] = -1, np.nan
        self.distance_m[rows], self.headed[rows] = np.inf, False
        self.edge[rows, :width], self.offset_m[rows, :width] = others.edge, others.offset_m
        self.distance_m[rows, :width], self.headed[rows, :width] = others.distance_m, others.headed

    def __len__(self) -> int:
        """Return the number of positions."""
        return len(self.edge)

    @property
    def on_road(self) -> BoolArray:
        """Whether each position has a street, shape ``(n,)``."""
        return np.asarray((self.edge >= 0).any(axis=1))

    def __getitem__(self, which: slice | IntArray | BoolArray) -> Self:
        """Return the positions of some rows."""
        return type(self)(
            self.edge[which],
            self.offset_m[which],
            self.distance_m[which],
            self.headed[which],
            self.network_hash,
        )

    def nearest(self, count: int) -> Self:
        """Return the same positions with so many streets at most."""
        return type(self)(
            self.edge[:, :count],
            self.offset_m[:, :count],
            self.distance_m[:, :count],
            self.headed[:, :count],
            self.network_hash,
        )

    def column_of(self, edge: int) -> int:
        """Return which street of a single position a directed edge is of.

        Raises
        ------
        KeyError
            If it is none of them.
        """
        columns = np.flatnonzero((self.edge[0] >= 0) & (self.edge[0] // 2 == edge // 2))
        if not len(columns):
            raise KeyError(edge)
        return int(columns[0])


def walks_ms(distance_m: FloatArray) -> IntArray:
    """Return how long straight walks take, whole milliseconds, int64."""
    return np.rint(1000.0 / WALKING_MPS * distance_m).astype(np.int64)
