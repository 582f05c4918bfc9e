"""Synthetic drives: routes across a city, recorded with noise, and what of them is found again."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field

import numpy as np

from routing.errors import UnreachableError
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import metres_per_degree
from routing.network.line_geometry import piece_lengths_m
from routing.paths.route import Route
from routing.router import Router

_SHORTEST_M, _LONGEST_M = 4_000.0, 20_000.0
# Nobody drives exactly as the signs say; each drive has a pace of its own.
_SLOWEST, _QUICKEST = 0.7, 1.1

Stretch = tuple[int, float, float]  # directed edge, and from where to where


@dataclass(frozen=True)
class Noise:
    """What a receiver adds.

    Attributes
    ----------
    radial_m
        Root of the mean square of the distance from the truth: each way it is 0.71 of that.
    lasts_s
        Time in which the error changes to another; 0: white, each fix has its own.
    """

    radial_m: float
    lasts_s: float = 0.0

    def of(self, at_s: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return metres east and north for fixes at some times, shape ``(n, 2)``."""
        own = rng.normal(0.0, self.radial_m / np.sqrt(2.0), (len(at_s), 2))
        if self.lasts_s:
            kept = np.exp(-np.diff(at_s) / self.lasts_s)
            for fix, share in enumerate(kept.tolist(), start=1):
                own[fix] = share * own[fix - 1] + np.sqrt(1.0 - share**2) * own[fix]
        return own


@dataclass(frozen=True)
class Drive:
    """A route driven at a pace."""

    route: Route
    pace: float
    stretches: tuple[Stretch, ...] = field(repr=False)

    def recorded(
        self, every_s: float, noise: Noise, rng: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """Return noisy fixes and their times."""
        route = self.route
        along_m = np.concatenate(([0.0], np.cumsum(piece_lengths_m(route.line))))
        edge_m = np.concatenate(([0.0], along_m[route.edge_last_point]))
        edge_s = np.concatenate(([0.0], np.cumsum(route.edge_travel_time_s))) / self.pace
        at_s = np.append(np.arange(0.0, edge_s[-1], every_s), edge_s[-1])
        at_m = np.interp(at_s, edge_s, edge_m)
        lonlat = np.stack([np.interp(at_m, along_m, route.line[:, axis]) for axis in (0, 1)], 1)
        metres = np.stack(metres_per_degree(lonlat[:, 1]), axis=1)
        return lonlat + noise.of(at_s, rng) / metres, at_s


def make_drives(router: Router, count: int, seed: int, *, fastest: bool) -> list[Drive]:
    """Return drives of 4 to 20 km between places anywhere in the city.

    Parameters
    ----------
    fastest
        Along the fastest routes, as crews drive; else along sensible other ones, at most a quarter
        slower, for which the model's liking for quick ways is wrong.
    """
    rng = np.random.default_rng(seed)
    streets = np.flatnonzero(router.main_streets)
    lengths_m = router.network.roads.segment_length_m
    drives: list[Drive] = []
    while len(drives) < count:
        street = rng.choice(streets, 2)
        edge = 2 * street + ~router.network.edge_driveable[2 * street]
        places = router.on_edges(edge, rng.uniform(0.0, 1.0, 2) * lengths_m[street])
        try:
            routes = (
                [router.route(places[:1], places[1:])]
                if fastest
                else router.alternatives(places[:1], places[1:], 2)
            )
        except UnreachableError:
            continue
        routes = [each for each in routes if _SHORTEST_M <= each.length_m <= _LONGEST_M]
        if routes:
            route = routes[int(rng.integers(len(routes)))]
            pace = float(rng.uniform(_SLOWEST, _QUICKEST))
            drives.append(Drive(route, pace, _stretches(route, lengths_m)))
    return drives


def _stretches(route: Route, street_m: FloatArray) -> tuple[Stretch, ...]:
    edges, driven_m = route.edges, route.edge_length_m
    from_m = np.zeros(len(edges))
    if len(edges) > 1:
        from_m[0] = street_m[edges[0] // 2] - driven_m[0]
    return tuple(zip(edges.tolist(), from_m.tolist(), (from_m + driven_m).tolist(), strict=True))


def stretches_of(edges: IntArray, from_m: FloatArray, to_m: FloatArray) -> tuple[Stretch, ...]:
    """Return a path as stretches."""
    return tuple(zip(edges.tolist(), from_m.tolist(), to_m.tolist(), strict=True))


@dataclass
class Score:
    """Metres driven, missed and wrongly matched; both count as errors."""

    driven_m: float = 0.0
    missed_m: float = 0.0
    wrong_m: float = 0.0

    @property
    def right_percent(self) -> float:
        """Share of the length that is right: edge and direction."""
        return 100.0 * (1.0 - (self.missed_m + self.wrong_m) / self.driven_m)

    @property
    def wrong_per_km_m(self) -> float:
        """Metres missed or wrong in a kilometre driven."""
        return 1000.0 * (self.missed_m + self.wrong_m) / self.driven_m

    def add(self, driven: Iterable[Stretch], matched: Iterable[Stretch]) -> None:
        """Add one drive."""
        true, found = _united(driven), _united(matched)
        both_m = sum(
            max(0.0, min(end, other_end) - max(begin, other_begin))
            for edge in true.keys() & found.keys()
            for begin, end in true[edge]
            for other_begin, other_end in found[edge]
        )
        self.driven_m += _length_m(true)
        self.missed_m += _length_m(true) - both_m
        self.wrong_m += _length_m(found) - both_m


def _united(stretches: Iterable[Stretch]) -> dict[int, list[tuple[float, float]]]:
    """Return what is covered of each edge, overlapping stretches once."""
    by_edge: dict[int, list[tuple[float, float]]] = {}
    for edge, begin, end in sorted(stretches):
        covered = by_edge.setdefault(edge, [])
        if covered and begin <= covered[-1][1]:
            covered[-1] = covered[-1][0], max(covered[-1][1], end)
        else:
            covered.append((begin, end))
    return by_edge


def _length_m(covered: dict[int, list[tuple[float, float]]]) -> float:
    return sum(end - begin for each in covered.values() for begin, end in each)
