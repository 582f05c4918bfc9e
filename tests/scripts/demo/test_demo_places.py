"""Where stations stand: in the streets, far apart, connected; whatever the city."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from geodata.crs.great_circle import LonLat
from geodata.osm.road_reader import read_roads
from geodata.roads.types import RoadData
from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.demo.demo_places import Depot
from scripts.demo.demo_places import NoPlaceError
from scripts.demo.demo_places import choose_depots
from scripts.simulator.trip import distance_m
from tests.cities import GridCity


def _depots(roads: RoadData) -> tuple[list[Depot], Router]:
    router = Router(RoadNetwork.from_roads(roads))

    def times_to(origins: list[LonLat], target: LonLat) -> list[float]:
        seconds: list[float] = router.travel_times_to(np.array(origins), target).tolist()
        return seconds

    return choose_depots(roads, times_to, count=3, yard_size=8), router


@dataclass(frozen=True, slots=True)
class City:
    """A city with its stations chosen."""

    roads: RoadData
    depots: list[Depot]
    router: Router


@pytest.fixture(scope="module", params=["grid_extract", "monaco_pbf", "porto_pbf"])
def city(request: pytest.FixtureRequest) -> City:
    """Return one city after the other: a plain, one by the sea, a whole region."""
    extract: Path = request.getfixturevalue(request.param)
    roads, _ = read_roads(extract)
    return City(roads, *_depots(roads))


def test_stations_stand_apart_and_reach_each_other(city: City) -> None:
    """Not at sea, not on an island, not all in one quarter."""
    places = np.array([depot.lonlat for depot in city.depots])
    apart_m = [distance_m(one.lonlat, two.lonlat) for one, two in combinations(city.depots, 2)]

    least_m = 700 if len(city.roads.node_lonlat) < 1_000 else 2_000  # the grid is 2.4 km wide
    assert len(city.depots) == 3
    assert min(apart_m) > least_m
    assert max(apart_m) < 10_000
    assert np.isfinite(city.router.matrix(places, places)).all()
    assert city.router.snap(places).distance_m.max() < 1


def test_crews_begin_at_places_of_their_own_near_the_station(city: City) -> None:
    """Twelve metres apart at least, else their marks cover each other."""
    for depot in city.depots:
        assert len(depot.yard) == 8
        assert depot.street
        assert min(distance_m(one, two) for one, two in combinations(depot.yard, 2)) >= 11.9
        assert max(distance_m(depot.lonlat, place) for place in depot.yard) < 700
        assert city.router.snap(np.array(depot.yard)).distance_m.max() < 1


def test_the_same_city_gives_the_same_stations(grid_extract: Path) -> None:
    """A restart after an interruption goes on with the stations it began with."""
    roads, _ = read_roads(grid_extract)

    assert _depots(roads)[0] == _depots(roads)[0]


def test_a_hamlet_is_refused_in_plain_words(tmp_path: Path) -> None:
    """One block has four corners and no junction of three streets."""
    roads, _ = read_roads(GridCity(blocks=1).write(tmp_path / "hamlet.osm"))

    with pytest.raises(NoPlaceError, match="too few streets"):
        _depots(roads)
