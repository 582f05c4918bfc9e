"""Positions to the nearest place on a road."""

from dataclasses import dataclass
from dataclasses import field
from typing import Self

import numpy as np

from routing.locate.segment_grid import PieceGrid
from routing.locate.segment_grid import cut_into_pieces
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.line_geometry import turn_deg
from routing.network.road_network import RoadNetwork

SNAP_LIMIT_M = 300.0
# Most positions lie beside a road and are answered from small cells, the others step by step.
_STEPS_M = (25.0, 75.0, SNAP_LIMIT_M)
_MOST_CELLS = 8_000_000  # 32 MB; a whole province does without the smallest cells
_RIGHT_ANGLE_DEG = 90.0


@dataclass(frozen=True, eq=False)
class Snaps:
    """Places on roads, one per position asked for.

    Attributes
    ----------
    edge
        Directed edge, int64, shape ``(n,)``; -1 where no road is near enough. In a two-way street
        it is the direction of the heading, or the drawn one; the other direction counts as well.
    offset_m
        Metres from the beginning of that directed edge, shape ``(n,)``; NaN off road.
    distance_m
        How far the position is from that place, shape ``(n,)``; ``inf`` off road.
    lonlat
        The place on the road, WGS 84, shape ``(n, 2)``; NaN off road.
    network_hash
        Which network the edges belong to.
    headed
        Whether somebody there is known to be driving in the direction of ``edge``, so that setting
        out the other way means turning round, bool, shape ``(n,)``; nobody if not given.
    """

    edge: IntArray
    offset_m: FloatArray
    distance_m: FloatArray
    lonlat: FloatArray
    network_hash: str
    headed: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        """Take nobody to be driving where nothing is said."""
        if self.headed.shape != self.edge.shape:
            object.__setattr__(self, "headed", np.zeros(self.edge.shape, dtype=np.bool_))

    def __len__(self) -> int:
        """Return how many positions were asked for."""
        return len(self.edge)

    @property
    def on_road(self) -> BoolArray:
        """Which positions found a road, shape ``(n,)``."""
        return np.asarray(self.edge >= 0)

    def __getitem__(self, which: slice | IntArray | BoolArray) -> Self:
        """Return some of them."""
        return type(self)(
            self.edge[which],
            self.offset_m[which],
            self.distance_m[which],
            self.lonlat[which],
            self.network_hash,
            self.headed[which],
        )


class Snapper:
    """The nearest place on a road, for many positions at once."""

    def __init__(self, network: RoadNetwork, lines: Lines, main: BoolArray) -> None:
        """Lay out the grids.

        Parameters
        ----------
        network, lines
            The streets.
        main
            Which streets belong to the main network, shape ``(m,)``; others are only taken when
            none of these is within reach.
        """
        self._network = network
        self._lines = lines
        open_streets = network.roads.segment_forward | network.roads.segment_backward
        mainland = cut_into_pieces(network, lines, np.flatnonzero(main & open_streets))
        islands = cut_into_pieces(network, lines, np.flatnonzero(~main & open_streets))
        self._pieces = (mainland, islands)
        self._grids = (
            *(PieceGrid(mainland, reach_m) for reach_m in _steps_m(network)),
            PieceGrid(islands, SNAP_LIMIT_M),
        )

    def snap(self, lonlat: FloatArray, heading_deg: FloatArray) -> Snaps:
        """Return the place on a road for each checked position.

        Parameters
        ----------
        lonlat
            WGS 84, shape ``(n, 2)``, finite.
        heading_deg
            Degrees clockwise from north, NaN where unknown, shape ``(n,)``.
        """
        count = len(lonlat)
        street, along_m = np.full(count, -1, dtype=np.int64), np.full(count, np.nan)
        place = np.full((count, 2), np.nan)
        bearing_deg, distance_m = np.full(count, np.nan), np.full(count, np.inf)
        for grid in self._grids:
            left = np.flatnonzero(street < 0)
            piece, share, off_m = grid.nearest(lonlat[left], heading_deg[left])
            hit = piece >= 0
            rows, piece, pieces = left[hit], piece[hit], grid.pieces
            street[rows] = pieces.street[piece]
            along_m[rows] = pieces.begin_m[piece] + share[hit] * pieces.length_m[piece]
            bearing_deg[rows] = pieces.bearing_deg[piece]
            place[rows] = pieces.places(piece, share[hit])
            distance_m[rows] = off_m[hit]
        against = self._against(street, bearing_deg, heading_deg)
        edge = np.where(street >= 0, 2 * street + against, -1)
        whole_m = self._lines.length_m[street]  # of the last street for -1; NaN stays NaN
        offset_m = np.where(against, whole_m - along_m, along_m)
        driven_deg = np.where(against, bearing_deg + 180.0, bearing_deg)
        headed = np.abs(turn_deg(driven_deg, heading_deg)) <= _RIGHT_ANGLE_DEG  # NaN: no
        return Snaps(edge, offset_m, distance_m, place, self._network.content_hash, headed)

    def distance_to_road_m(self, lonlat: FloatArray) -> float:
        """Return how far one position, shape ``(2,)``, is from the nearest road; looks at all."""
        least = np.inf
        for pieces in self._pieces:
            if len(pieces):
                scale = np.stack(metres_per_degree(lonlat[1:]))
                distance_m, _ = pieces.nearest_on(lonlat[:, np.newaxis], scale, slice(None))
                least = min(least, float(distance_m.min()))
        return least

    def on_edges(self, edge: IntArray, offset_m: FloatArray) -> Snaps:
        """Return the places at checked offsets along directed edges; -1 stays off road."""
        on_road = edge >= 0
        segment = np.where(on_road, edge, 0) // 2
        length_m = self._lines.length_m[segment]
        drawn_m = np.where(edge % 2 == 1, length_m - offset_m, offset_m)
        lonlat = np.full((len(edge), 2), np.nan)
        lonlat[on_road] = self._lines.places(segment[on_road], drawn_m[on_road])
        distance_m = np.where(on_road, 0.0, np.inf)
        return Snaps(edge, offset_m, distance_m, lonlat, self._network.content_hash)

    def _against(
        self, street: IntArray, bearing_deg: FloatArray, heading_deg: FloatArray
    ) -> BoolArray:
        """Choose the direction: as headed where that is allowed, else as drawn, else against."""
        forward = self._network.roads.segment_forward[street]
        backward = self._network.roads.segment_backward[street]
        off_deg = np.abs(turn_deg(bearing_deg, heading_deg))  # NaN compares false: as drawn
        return np.asarray(backward & ((off_deg > _RIGHT_ANGLE_DEG) | ~forward))


def _steps_m(network: RoadNetwork) -> list[float]:
    """Return the cell sizes worth having for the extent of a network."""
    west, south, east, north = network.bounds
    by_east, by_north = metres_per_degree(np.array((south + north) / 2.0))
    area_m2 = float((east - west) * by_east * (north - south) * by_north)
    return [
        step_m for step_m in _STEPS_M if step_m == SNAP_LIMIT_M or area_m2 / step_m**2 < _MOST_CELLS
    ]
