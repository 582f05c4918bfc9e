"""Snap positions to the nearest point on a road."""

from dataclasses import dataclass
from dataclasses import field
from typing import Self

import numpy as np

from routing.locate.line_segments import cut_into_segments
from routing.locate.segment_grid import SegmentGrid
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.line_geometry import turn_deg
from routing.network.road_network import RoadNetwork

SNAP_LIMIT_M = 300.0
# Most positions lie beside a road and are found in small cells, the others in greater ones.
_STEPS_M = (75.0, SNAP_LIMIT_M)
_MOST_CELLS = 8_000_000  # 32 MB; a whole province is indexed without the smallest cells
_RIGHT_ANGLE_DEG = 90.0


@dataclass(frozen=True, eq=False)
class Snaps:
    """Snapped positions: points on directed edges.

    Attributes
    ----------
    edge
        Directed edge, int64, shape ``(n,)``; -1 where no road is near enough. On a two-way street
        it is the one in the heading, or the drawn one; a search considers both.
    offset_m
        Metres from the beginning of that directed edge, shape ``(n,)``; NaN off road.
    distance_m
        Distance from the position to that point, shape ``(n,)``; ``inf`` off road.
    lonlat
        The point on the road, WGS 84, shape ``(n, 2)``; NaN off road.
    network_hash
        Content hash of the network that the edges belong to.
    headed
        Whether the heading is known to be that of ``edge``, so that setting out the other way means
        turning round, bool, shape ``(n,)``; all false if not given.
    """

    edge: IntArray
    offset_m: FloatArray
    distance_m: FloatArray
    lonlat: FloatArray
    network_hash: str
    headed: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        """Treat origins without a heading as parked: both directions allowed."""
        if self.headed.shape != self.edge.shape:
            object.__setattr__(self, "headed", np.zeros(self.edge.shape, dtype=np.bool_))

    def __len__(self) -> int:
        """Return the number of positions."""
        return len(self.edge)

    @property
    def on_road(self) -> BoolArray:
        """Whether each position was snapped to a road, shape ``(n,)``."""
        return np.asarray(self.edge >= 0)

    def __getitem__(self, which: slice | IntArray | BoolArray) -> Self:
        """Return the positions of some rows."""
        return type(self)(
            self.edge[which],
            self.offset_m[which],
            self.distance_m[which],
            self.lonlat[which],
            self.network_hash,
            self.headed[which],
        )


class Snapper:
    """Snaps many positions at once to the nearest roads.

    Attributes
    ----------
    grids
        In the order to search them: main streets by cells from small to great, then islands.
    """

    def __init__(self, network: RoadNetwork, lines: Lines, main: BoolArray) -> None:
        """Build the grids.

        Parameters
        ----------
        network, lines
            The streets.
        main
            Which streets belong to the main network, shape ``(m,)``; others are only used when none
            of these is within the snapping limit.
        """
        self._network = network
        self._lines = lines
        open_streets = network.roads.segment_forward | network.roads.segment_backward
        mainland = cut_into_segments(network, lines, np.flatnonzero(main & open_streets))
        islands = cut_into_segments(network, lines, np.flatnonzero(~main & open_streets))
        self._segments = (mainland, islands)
        self.grids = (
            *(SegmentGrid(mainland, radius_m) for radius_m in _steps_m(network)),
            SegmentGrid(islands, SNAP_LIMIT_M),
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
        snapped = np.full((count, 2), np.nan)
        bearing_deg, distance_m = np.full(count, np.nan), np.full(count, np.inf)
        for grid in self.grids:
            left = np.flatnonzero(street < 0)
            segment, share, off_m = grid.nearest(lonlat[left], heading_deg[left])
            hit = segment >= 0
            rows, segment, segments = left[hit], segment[hit], grid.segments
            street[rows] = segments.street[segment]
            along_m[rows] = segments.begin_m[segment] + share[hit] * segments.length_m[segment]
            bearing_deg[rows] = segments.bearing_deg[segment]
            snapped[rows] = segments.places(segment, share[hit])
            distance_m[rows] = off_m[hit]
        edge, offset_m, headed = self.on_directed_edges(street, along_m, bearing_deg, heading_deg)
        edge[street < 0] = -1
        return Snaps(edge, offset_m, distance_m, snapped, self._network.content_hash, headed)

    def on_directed_edges(
        self,
        street: IntArray,
        along_m: FloatArray,
        bearing_deg: FloatArray,
        heading_deg: FloatArray,
    ) -> tuple[IntArray, FloatArray, BoolArray]:
        """Return points on streets as points on the directed edges that run in the heading.

        Parameters
        ----------
        street, along_m
            The street and the metres along its drawing.
        bearing_deg
            Of the drawing at that point.
        heading_deg
            NaN where unknown.

        Returns
        -------
        edge, offset_m, headed
            As in `Snaps`.
        """
        against = self._against(street, bearing_deg, heading_deg)
        whole_m = self._lines.length_m[street]  # of the last street for -1; NaN stays NaN
        offset_m = np.where(against, whole_m - along_m, along_m)
        driven_deg = np.where(against, bearing_deg + 180.0, bearing_deg)
        headed = np.abs(turn_deg(driven_deg, heading_deg)) <= _RIGHT_ANGLE_DEG  # NaN: no
        return 2 * street + against, offset_m, np.asarray(headed)

    def distance_to_road_m(self, lonlat: FloatArray) -> float:
        """Return the distance of one position, shape ``(2,)``, from the nearest of all roads."""
        least = np.inf
        for segments in self._segments:
            if len(segments):
                scale = np.stack(metres_per_degree(lonlat[1:]))
                distance_m, _ = segments.nearest_on(lonlat[:, np.newaxis], scale, slice(None))
                least = min(least, float(distance_m.min()))
        return least

    def on_edges(self, edge: IntArray, offset_m: FloatArray) -> Snaps:
        """Return the points at checked offsets along directed edges; -1 stays off road."""
        on_road = edge >= 0
        street = np.where(on_road, edge, 0) // 2
        length_m = self._lines.length_m[street]
        drawn_m = np.where(edge % 2 == 1, length_m - offset_m, offset_m)
        lonlat = np.full((len(edge), 2), np.nan)
        lonlat[on_road] = self._lines.places(street[on_road], drawn_m[on_road])
        distance_m = np.where(on_road, 0.0, np.inf)
        return Snaps(edge, offset_m, distance_m, lonlat, self._network.content_hash)

    def _against(
        self, street: IntArray, bearing_deg: FloatArray, heading_deg: FloatArray
    ) -> BoolArray:
        """Return whether to snap against the drawing.

        The heading decides where both directions are allowed, without one the drawing.
        """
        forward = self._network.roads.segment_forward[street]
        backward = self._network.roads.segment_backward[street]
        off_deg = np.abs(turn_deg(bearing_deg, heading_deg))  # NaN compares false: as drawn
        return np.asarray(backward & ((off_deg > _RIGHT_ANGLE_DEG) | ~forward))


def _steps_m(network: RoadNetwork) -> list[float]:
    """Return the cell sizes to index a network of this extent with."""
    west, south, east, north = network.bounds
    by_east, by_north = metres_per_degree(np.array((south + north) / 2.0))
    area_m2 = float((east - west) * by_east * (north - south) * by_north)
    return [
        step_m for step_m in _STEPS_M if step_m == SNAP_LIMIT_M or area_m2 / step_m**2 < _MOST_CELLS
    ]
