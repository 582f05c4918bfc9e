"""The streets of crews are found once for each fix, on the network in use."""

from collections.abc import Sequence

import numpy as np
import pytest
from typing_extensions import override

from dispatch.roads.origin_streets import OriginStreets
from dispatch.roads.types import Origin
from routing.locate.nearby_streets import NearbyStreets
from routing.network.arrays import FloatArray
from routing.network.arrays import LonLatLike
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street


class _Router(Router):
    """A router that remembers how many origins it was asked to find at a time."""

    asked: list[int]

    @override
    def streets_from(
        self,
        points: LonLatLike,
        heading_deg: float | FloatArray | None = None,
        speed_mps: float | FloatArray | None = None,
    ) -> NearbyStreets:
        """Find them as any router does."""
        self.asked = [*getattr(self, "asked", []), len(points)]
        return super().streets_from(points, heading_deg, speed_mps)


def _town() -> Town:
    nodes = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (0.0, 60.0), "D": (1000.0, 60.0)}
    return draw(nodes, [street("A-B", name="a"), street("C-D"), street("A-C"), street("B-D")])


def _origins(town: Town, *easts_m: float) -> list[Origin]:
    return [Origin(*town.lonlat(east_m, 10.0)) for east_m in easts_m]


def _same(found: NearbyStreets, router: Router, origins: Sequence[Origin]) -> None:
    """Hold found streets against those that a router finds for the same origins."""
    fixes = [(each.heading_deg, each.speed_mps) for each in origins]
    table = np.array(fixes, dtype=float).reshape(-1, 2)
    lonlat = np.array([each[:2] for each in origins]).reshape(-1, 2)
    expected = Router.streets_from(router, lonlat, table[:, 0], table[:, 1])
    for name in ("edge", "offset_m", "distance_m", "headed"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_a_crew_that_has_not_moved_is_found_once() -> None:
    """One of three moves on, one turns round: two are found again, and a place asked for twice."""
    town = _town()
    router = _Router(town.network)
    streets = OriginStreets(router)
    first = _origins(town, 100, 200, 300)
    turned = Origin(*first[1][:2], heading_deg=270.0, speed_mps=5.0)
    later = [*_origins(town, 150), turned, first[2], first[2]]

    _same(streets.find(first), router, first)
    _same(streets.find(first), router, first)
    _same(streets.find(later), router, later)

    assert router.asked == [3, 2]


@pytest.mark.parametrize("most_kept", [1, 3, 4])
def test_more_than_can_be_kept_are_found_all_the_same(most_kept: int) -> None:
    """When there is no room, what was kept is dropped."""
    town = _town()
    router = _Router(town.network)
    streets = OriginStreets(router, most_kept)

    for easts_m in ((100, 200), (200, 300, 400), (100, 200, 300, 400, 500), ()):
        origins = _origins(town, *easts_m)
        _same(streets.find(origins), router, origins)

    assert sum(router.asked) >= 5
