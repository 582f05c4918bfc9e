"""A way worked out on a phone is as good as the engine's, and as permitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings

from routing.closures.closed_stretches import ClosedRoads
from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.engine.edge_expansion import expand
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import compute_weights
from routing.engine.edge_weights import profile_named
from routing.errors import OutsideNetworkError
from routing.errors import UnreachableError
from routing.network.arrays import FloatArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import trips
from tests.routing.ways.phones import Phone
from tests.routing.ways.phones import between

_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

_OFF_M = 12.0
_AS_GOOD = 0.02
_ROUNDED_S = 0.5
"""Positions are kept to a decimetre and lines to two metres: a walk differs by so much."""


@dataclass(frozen=True)
class Trips:
    """Random origins and targets around a place, WGS 84, shape ``(n, 2)``."""

    origins: FloatArray
    targets: FloatArray

    @classmethod
    def around(
        cls, network: RoadNetwork, centre: Sequence[float], radius_m: float, count: int
    ) -> "Trips":
        """Return places beside streets within a radius."""
        lonlat, random = network.roads.geometry_lonlat, np.random.default_rng(7)
        scale = np.stack(metres_per_degree(np.array(centre[1])))
        near = np.flatnonzero(np.hypot(*((lonlat - centre) * scale).T) < radius_m)
        picked = lonlat[random.choice(near, 2 * count)]
        picked = picked + random.normal(0.0, _OFF_M, picked.shape) / scale
        return cls(picked[:count], picked[count:])

    def answers(self, phone: Phone, **how: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as of answers
        """Return the phone's ways."""
        asks = [
            between(here, there) for here, there in zip(self.origins, self.targets, strict=True)
        ]
        return phone.answers(asks, **how)


class Driver:
    """Drives edges one after another by the rules of one profile and says how long it takes."""

    def __init__(self, network: RoadNetwork, profile: str = "normal") -> None:
        self.expansion = expand(network)
        lines = Lines(network.roads)
        self.weights = compute_weights(network, self.expansion, lines, profile_named(profile))

    def drive_s(self, answer: dict[str, Any]) -> float:
        """Return the seconds of a way without walks; ``inf`` if a turn is not permitted."""
        edge_ms, expansion = self.weights.edge_ms, self.expansion
        edges = answer["edges"]
        total_ms = -answer["begin"] * edge_ms[edges[0]] + answer["end"] * edge_ms[edges[-1]]
        state = edges[0]
        for edge in edges[1:]:
            arcs = np.arange(expansion.leaving_start[state], expansion.leaving_start[state + 1])
            (arc,) = arcs[expansion.state_edge[expansion.arc_to[arcs]] == edge]
            if self.weights.arc_ms[arc] == UNREACHABLE_MS:
                return float("inf")
            total_ms += self.weights.arc_ms[arc]
            state = int(expansion.arc_to[arc])
        return float(total_ms) / 1000.0


@dataclass(frozen=True)
class Compared:
    """How the phone's ways compare with the engine's, one entry a way.

    Attributes
    ----------
    between_ends
        By how large a share they differ from the engine's between the same two points on streets.
    free
        The same where the engine chooses these points itself.
    """

    between_ends: list[float]
    free: list[float]

    @property
    def nearly_all_free(self) -> float:
        """What holds for 98 of a hundred: a street 30 m away is a choice, one 31 m away is none."""
        return float(np.quantile(self.free, 0.98))


def compare(
    router: Router,
    phone: Phone,
    trips_: Trips,
    driver: Driver,
    *,
    closed: ClosedRoads | None = None,
) -> Compared:
    """Compare ways; those that the engine leads outside the kept roads are left out.

    Every way of the phone is driven by the engine's rules, and none leads over a closed street.
    """
    found = Compared([], [])
    lengths_m = router.network.roads.segment_length_m
    answers = trips_.answers(phone, now=_NOW)
    for origin, target, answer in zip(trips_.origins, trips_.targets, answers, strict=True):
        edges = answer["edges"]
        try:
            free = router.route(origin, target)
        except (UnreachableError, OutsideNetworkError):
            assert edges is None
            continue
        if (phone.cut.own_edges(free.edges) < 0).any():
            continue
        assert edges is not None
        ends = [
            router.on_edges(np.array([edge]), np.array([share * lengths_m[edge // 2]]))
            for edge, share in ((edges[0], answer["begin"]), (edges[-1], answer["end"]))
        ]
        bound = router.route(*ends)
        driven_s, own_s = driver.drive_s(answer), sum(answer["times_ms"]) / 1000.0
        assert driven_s == pytest.approx(own_s, rel=5e-3, abs=_ROUNDED_S)
        if closed is not None:
            assert closed_m(closed, answer, lengths_m) <= bound.closed_length_m + 1.0
        found.between_ends.append(differs(driven_s, bound.travel_time_s))
        found.free.append(differs(answer["total_ms"] / 1000.0, free.travel_time_s))
    return found


def closed_m(closed: ClosedRoads, answer: dict[str, Any], lengths_m: FloatArray) -> float:
    """Return how many closed metres a way leads over; some only out of or into a closure."""
    edges, last = answer["edges"], len(answer["edges"]) - 1
    return sum(
        closed.closed_m(
            edge,
            0.0 if at else answer["begin"] * lengths_m[edge // 2],
            lengths_m[edge // 2] * (1.0 if at < last else answer["end"]),
        )
        for at, edge in enumerate(edges)
    )


def differs(one_s: float, other_s: float) -> float:
    """Return by how large a share two times differ, but for half a second."""
    return max(0.0, abs(one_s - other_s) - _ROUNDED_S) / max(other_s, 1.0)


def middle(network: RoadNetwork) -> tuple[float, float]:
    """Return the place in the middle of all crossings."""
    lon, lat = np.median(network.roads.node_lonlat, axis=0).tolist()
    return lon, lat


@pytest.mark.parametrize("profile", ["normal", "emergency"])
def test_ways_on_the_phone_are_within_two_percent_of_the_engines(
    monaco: RoadNetwork, monaco_router: Router, tmp_path: Path, profile: str
) -> None:
    """Turns, restrictions, one-way streets and the walks at both ends included."""
    router, centre = monaco_router.under(profile=profile), middle(monaco)
    phone = Phone.keeping(router, tmp_path, centre, 3_000.0, profile=profile)

    found = compare(
        router, phone, Trips.around(monaco, centre, 2_200.0, 300), Driver(monaco, profile)
    )

    assert len(found.free) >= 200
    assert max(found.between_ends) <= _AS_GOOD
    assert found.nearly_all_free <= _AS_GOOD


def closures_at(places: FloatArray, radius_deg: float) -> list[Closure]:
    """Close small areas: every third begins in an hour, every other one ends then."""
    hour = timedelta(hours=1)
    return [
        Closure(
            str(number),
            ClosedArea(shapely.Point(*place).buffer(radius_deg)),
            _NOW + hour if number % 3 == 0 else _NOW - hour,
            None if number % 2 else _NOW + 2 * hour,
        )
        for number, place in enumerate(places.tolist(), 1)
    ]


def test_closed_roads_are_closed_on_the_phone_while_they_are(
    monaco: RoadNetwork, tmp_path: Path
) -> None:
    """Those that hold, not those to come; positions inside one may leave it; lifted, they open."""
    router, centre, driver = Router(monaco), middle(monaco), Driver(monaco)
    places = Trips.around(monaco, centre, 2_000.0, 60).origins
    closures = closures_at(places, 0.0004)
    trips_ = Trips.around(monaco, centre, 2_200.0, 300)
    phone = Phone.keeping(router, tmp_path, centre, 3_000.0, closures=closures)
    closed = router.set_closures(closures, _NOW).closed
    assert closed is not None

    found = compare(router, phone, trips_, driver, closed=closed)
    everything_open = trips_.answers(phone, now=_NOW, lifted=range(1, 61))
    before = trips_.answers(phone, now=_NOW)

    assert len(found.free) >= 200
    assert max(found.between_ends) <= _AS_GOOD
    assert found.nearly_all_free <= _AS_GOOD
    round_s = [
        (there["total_ms"] - free["total_ms"]) / 1000.0
        for there, free in zip(before, everything_open, strict=True)
        if there["edges"] and free["edges"]
    ]
    assert min(round_s) >= 0.0
    assert np.mean(np.array(round_s) > 1.0) > 0.1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(trips())
def test_the_phone_keeps_to_restrictions_through_ways_in_any_town(
    tmp_path: Path, town: RandomTrip
) -> None:
    """Loops, doubled streets, rules of three edges: what the engine may not, it may not."""
    network = RoadNetwork.from_roads(town.roads)
    router, centre = Router(network), middle(network)
    phone = Phone.keeping(router, tmp_path, centre, 3_000.0)
    places = [router.on_edges(*map(np.atleast_1d, place)).lonlat[0] for place in town.origins]
    there = [router.on_edges(*map(np.atleast_1d, place)).lonlat[0] for place in town.targets]
    count = min(len(places), len(there))

    found = compare(
        router, phone, Trips(np.array(places[:count]), np.array(there[:count])), Driver(network)
    )

    assert all(each <= _AS_GOOD for each in found.between_ends)


def test_five_kilometres_of_porto_are_searched_as_well_as_the_engine_does(
    porto_pbf: Path, tmp_path: Path
) -> None:
    """Where the extract of Porto is at hand."""
    network = RoadNetwork.from_osm(porto_pbf)
    router, centre = Router(network), (-8.611, 41.149)
    phone = Phone.keeping(router, tmp_path, centre, 5_000.0)

    found = compare(router, phone, Trips.around(network, centre, 3_500.0, 300), Driver(network))

    assert len(found.free) >= 200
    assert max(found.between_ends) <= _AS_GOOD
    assert found.nearly_all_free <= _AS_GOOD
