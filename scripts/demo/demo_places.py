"""Choose positions for the stations of a demo city, among its densest streets."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import LonLat
from geodata.roads.types import BRIDGE
from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import TUNNEL
from geodata.roads.types import RoadData
from scripts.errors import ScriptError

# Returns seconds by road from each origin to one target; ``inf`` where no road leads.
TimesTo = Callable[[list[LonLat], LonLat], list[float]]

_STREETS = tuple(
    ROAD_CLASSES.index(name)
    for name in ("primary", "secondary", "tertiary", "unclassified", "residential")
)
_STREETS_THAT_MEET = 3
_NEAREST = 60
_CHOICE = 8
_YARD_STEP_M = 12.0
_CELL_M = 1_000.0
_CORE_M = 5_000.0
_OUT = 0.4


class NoPlaceError(ScriptError):
    """The extract has no streets suitable for stations."""


@dataclass(frozen=True, slots=True)
class Depot:
    """A position for a station, and positions around it for its crews."""

    street: str
    lonlat: LonLat
    yard: tuple[LonLat, ...]


def choose_depots(roads: RoadData, times_to: TimesTo, *, count: int, yard_size: int) -> list[Depot]:
    """Return well-connected junctions, each central to one part of the city.

    Quarter points of the bounding box would do for a city on a plain; in one by the sea they lie
    in the water. So the streets themselves are divided into parts of similar length, and each
    part's station stands near its centre, on a street that the other parts can reach and be
    reached from.

    Parameters
    ----------
    roads
        The streets of the city.
    times_to
        Tells travel times; which streets are islands only the router knows.
    count
        How many depots.
    yard_size
        How many places around each, nearest first; fewer where there are fewer streets.

    Returns
    -------
    depots
        From west to east.

    Raises
    ------
    NoPlaceError
        If the streets are too few or too scattered.
    """
    middle = roads.node_lonlat.mean(axis=0) if len(roads.node_lonlat) else np.zeros(2)
    at_m = Plane(float(middle[1])).project(roads.node_lonlat - middle)
    usable = _in_the_core(roads, _usable(roads), at_m)
    corners = junctions(roads, usable)
    if len(corners) < count:
        message = "The extract has too few streets for a demo city."
        raise NoPlaceError(message, mend="Take an extract of a whole town.")
    ends = roads.segment_from[usable], roads.segment_to[usable]
    middles_m = (at_m[ends[0]] + at_m[ends[1]]) / 2
    centres_m = _centres(middles_m, roads.segment_length_m[usable], count)
    names = _street_names(roads, usable)
    lots = [
        sorted(_nearest(corners, at_m, centre_m), key=lambda node: node not in names)[:_CHOICE]
        for centre_m in centres_m
    ]
    chosen = _connected(roads, lots, times_to)
    on_streets = np.unique(np.concatenate(ends)).astype(np.int64)
    depots = [
        Depot(
            names.get(node, ""),
            _lonlat(roads, node),
            _yard(roads, at_m, on_streets, node, yard_size),
        )
        for node in chosen
    ]
    return sorted(depots, key=lambda depot: depot.lonlat)


def waiting_place(
    roads: RoadData,
    bounds: tuple[float, float, float, float],
    depots: Sequence[Depot],
    times_to: TimesTo,
) -> LonLat:
    """Return the street corner that is soonest in the middle of what a desk sees first.

    Parameters
    ----------
    roads
        The streets of the city.
    bounds
        West, south, east, north of the ground.
    depots
        Where the stations stand; at least one.
    times_to
        Tells travel times.
    """
    middle = first_seen(bounds, [depot.lonlat for depot in depots])
    at_m = Plane(middle[1]).project(roads.node_lonlat - np.array(middle))
    corners = _nearest(junctions(roads, _usable(roads)), at_m, np.zeros(2))
    places = [_lonlat(roads, corner) for corner in corners]
    ways_s = np.array([times_to(places, middle), times_to(places, depots[0].lonlat)])
    soonest = int(np.where(np.isfinite(ways_s).all(axis=0), ways_s[0], np.inf).argmin())
    return places[soonest]


def first_seen(bounds: tuple[float, float, float, float], places: Sequence[LonLat]) -> LonLat:
    """Return about where the middle of a desk's first view is, however large its window.

    A view that holds as much ground as can be has its middle near that of the ground; a nearer one
    has it at the middle place. This is in between.
    """
    west, south, east, north = bounds
    shrink = float(np.cos(np.radians((south + north) / 2)))
    half = min((east - west) * shrink, north - south) / 2  # degrees of latitude
    lon, lat = np.median(np.array(places), axis=0).tolist()
    farthest_lon = float(np.clip(lon, west + half / shrink, east - half / shrink))
    farthest_lat = float(np.clip(lat, south + half, north - half))
    return lon + _OUT * (farthest_lon - lon), lat + _OUT * (farthest_lat - lat)


def _usable(roads: RoadData) -> NDArray[np.int64]:
    """Return the ordinary streets, on which a depot may be."""
    awkward = BRIDGE | TUNNEL | RESTRICTED_ACCESS
    drivable = roads.segment_forward | roads.segment_backward
    fine = drivable & (roads.segment_flags & awkward == 0)
    return np.flatnonzero(fine & np.isin(roads.segment_class, _STREETS))


def junctions(roads: RoadData, usable: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the nodes where three or more of some streets meet."""
    ends = np.concatenate([roads.segment_from[usable], roads.segment_to[usable]])
    meeting = np.bincount(ends, minlength=len(roads.node_lonlat))
    return np.flatnonzero(meeting >= _STREETS_THAT_MEET)


def _in_the_core(
    roads: RoadData, usable: NDArray[np.int64], at_m: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the streets around the densest square kilometres.

    An extract may hold a whole region; two dozen crews would be lost in it.
    """
    middles_m = (at_m[roads.segment_from[usable]] + at_m[roads.segment_to[usable]]) / 2
    if not len(middles_m):
        return usable
    cells, places = np.unique(np.floor(middles_m / _CELL_M), axis=0, return_inverse=True)
    street_m = np.bincount(places.ravel(), weights=roads.segment_length_m[usable])
    near = np.abs(cells[:, None, :] - cells[None, :, :]).max(axis=2) <= 1
    core_m = (cells[(near @ street_m).argmax()] + 0.5) * _CELL_M
    within: NDArray[np.bool_] = np.hypot(*(middles_m - core_m).T) <= _CORE_M
    return usable[within]


def _nearest(
    nodes: NDArray[np.int64], at_m: NDArray[np.float64], centre_m: NDArray[np.float64]
) -> list[int]:
    distance_m = np.hypot(*(at_m[nodes] - centre_m).T)
    return [int(node) for node in nodes[np.argsort(distance_m, kind="stable")[:_NEAREST]]]


def _centres(
    middles_m: NDArray[np.float64], length_m: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Return the centres of parts of the city, by k-means over its streets.

    A long street counts as several short ones, else a maze of alleys would outweigh a suburb.
    """
    times = np.maximum(1, np.round(length_m / np.median(length_m))).astype(np.int64)
    points = np.repeat(middles_m, times, axis=0)
    # Begin along the city's longer side: the answer is the same every time and parts stay apart.
    longer = int(np.ptp(points, axis=0).argmax())
    shares = (np.arange(count) + 0.5) / count
    start = np.repeat(points.mean(axis=0, keepdims=True), count, axis=0)
    start[:, longer] = np.quantile(points[:, longer], shares)
    centres, _ = kmeans2(points, start, minit="matrix", iter=50)
    return np.asarray(centres)


def _connected(roads: RoadData, lots: list[list[int]], times_to: TimesTo) -> list[int]:
    """Return the first junction of each group that belongs to the city's main network."""
    nodes = [node for lot in lots for node in lot]
    places = [_lonlat(roads, node) for node in nodes]
    finite = np.isfinite([times_to(places, place) for place in places])
    # An island reaches nobody but itself; the main network reaches most.
    good = (finite.mean(axis=0) > 1 / 2) & (finite.mean(axis=1) > 1 / 2)
    connected = {node for node, fine in zip(nodes, good, strict=True) if fine}
    chosen: list[int] = []
    for lot in lots:
        fitting = [node for node in lot if node in connected and node not in chosen]
        if not fitting:
            message = "The streets of this extract do not hang together."
            raise NoPlaceError(message, mend="Take an extract of a whole town.")
        chosen.append(fitting[0])
    return chosen


def _yard(
    roads: RoadData,
    at_m: NDArray[np.float64],
    on_streets: NDArray[np.int64],
    node: int,
    size: int,
) -> tuple[LonLat, ...]:
    """Return street corners around a depot, far enough apart to be distinct on a map."""
    distance_m = np.hypot(*(at_m[on_streets] - at_m[node]).T)
    taken: list[int] = []
    for corner in on_streets[np.argsort(distance_m, kind="stable")]:
        if len(taken) == size:
            break
        if all(np.hypot(*(at_m[corner] - at_m[other])) >= _YARD_STEP_M for other in taken):
            taken.append(int(corner))
    return tuple(_lonlat(roads, corner) for corner in taken)


def _street_names(roads: RoadData, usable: NDArray[np.int64]) -> dict[int, str]:
    """Return a street name for each junction that has one."""
    named = usable[roads.segment_name[usable] > 0]
    return {
        int(node): roads.names[roads.segment_name[segment]]
        for segment in named[::-1]
        for node in (roads.segment_from[segment], roads.segment_to[segment])
    }


def _lonlat(roads: RoadData, node: int) -> LonLat:
    lon, lat = roads.node_lonlat[node].tolist()
    return lon, lat
