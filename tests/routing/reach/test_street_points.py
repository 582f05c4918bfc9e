"""Points spread over the streets: as many for each metre, and reached as their streets are."""

from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
import shapely
from hypothesis import given

from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.network.arrays import BoolArray
from routing.network.road_network import RoadNetwork
from routing.reach.street_points import StreetPoints
from routing.router import Router
from tests.examples import examples
from tests.routing.drawing import draw
from tests.routing.drawing import street
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (1000.0, 0.0)}


def test_as_many_points_stand_on_each_metre() -> None:
    """Ten on 1 000 m: at 50, 150, …, three of them on the street of 300 m, seven on the other."""
    town = draw(_NODES, [street("A-B"), street("B-C")])
    router = Router(town.network)

    points = router.spread_points(10)

    first = points.at_m[points.segment == town.edge("A", "B") // 2]
    second = points.at_m[points.segment == town.edge("B", "C") // 2]
    assert first.tolist() == pytest.approx([50, 150, 250])
    assert second.tolist() == pytest.approx([50, 150, 250, 350, 450, 550, 650])


def test_motorways_hold_nobody() -> None:
    """All points are on the other street."""
    town = draw(_NODES, [street("A-B"), street("B-C", road_class="motorway")])

    points = Router(town.network).spread_points(4)

    assert set(points.segment.tolist()) == {town.edge("A", "B") // 2}


def test_what_is_within_half_a_minute_is_reached() -> None:
    """From 50 m of a street, 10 m/s: up to 350 m onwards; back at A, turned, is dearer."""
    town = draw(_NODES, [street("A-B"), street("B-C")])
    router = Router(town.network)
    points = router.spread_points(10)

    reached = router.points_reached(town.at(router, "A", "B", 50), points, 30.0)

    assert reached.tolist() == [True] * 4 + [False] * 6
    assert not router.points_reached([], points, 30.0).any()


@given(trips())
@examples(60)
def test_points_are_reached_as_travel_times_say(trip: RandomTrip) -> None:
    """Whichever direction of the street is quicker, from the nearest origin."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    points = router.spread_points(7)
    origins = snapped(router, trip.origins)
    times_s = np.minimum(
        *(
            router.matrix(origins, router.on_edges(edges, at_m))
            for edges, at_m in (
                (2 * points.segment, points.at_m),
                (2 * points.segment + 1, router._lines.length_m[points.segment] - points.at_m),
            )
        )
    ).min(axis=0, initial=np.inf)

    for limit_s in (5.0, 30.0, 200.0):
        reached = router.points_reached(origins, points, limit_s)
        sure = np.abs(times_s - limit_s) > 0.01
        assert (reached == (times_s <= limit_s))[sure].all()


@given(trips())
@examples(40)
def test_more_crews_cover_more_and_closures_less(trip: RandomTrip) -> None:
    """Each origin by itself reaches a part; closing a street takes points away and adds none."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    points = router.spread_points(9)
    origins = snapped(router, trip.origins)

    def reached(rows: slice) -> BoolArray:
        return router.points_reached(origins[rows], points, 40.0)

    each = [reached(slice(at, at + 1)) for at in range(len(origins))]
    everyone = reached(slice(None))
    assert (everyone == np.logical_or.reduce([*each, np.zeros_like(everyone)])).all()

    if len(points.segment):
        lon, lat = points.lonlat[0]
        square = shapely.box(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
        router.set_closures([Closure("works", ClosedArea(square), _NOW)], _NOW)
        assert not (reached(slice(None)) & ~everyone).any()


def test_a_network_without_streets_to_live_on_has_no_points() -> None:
    """Nothing to cover, and nothing reached."""
    town = draw(_NODES, [street("A-B", road_class="motorway"), street("B-C", road_class="trunk")])
    router = Router(town.network)

    points = router.spread_points(5)

    assert isinstance(points, StreetPoints)
    assert points.lonlat.shape == (0, 2)
    assert router.points_reached([town.lonlat(0, 0)], points, 60.0).shape == (0,)
