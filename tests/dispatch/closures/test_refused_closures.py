"""Requests that cannot close anything are refused, each by the field that is wrong."""

import math
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import partial

import pytest

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.closures.types import CloseRoads
from dispatch.core.errors import InvalidInput
from tests.cities import GridCity
from tests.conftest import SettableClock
from tests.dispatch.closures.requests import area
from tests.dispatch.closures.requests import road

pytestmark = pytest.mark.postgis


def wrong_fields(
    services: Services, actor: Actor, wanted: Callable[[], CloseRoads]
) -> dict[str, str]:
    """Return what is said of each field of a refused request."""
    with pytest.raises(InvalidInput) as error:
        services.closures.create(actor, wanted())
    assert services.closures.list(actor)["closures"] == []
    return {each.field: each.message() for each in error.value.fields}


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (None, "must be an object"),
        ("POLYGON((0 0, 1 1))", "must be an object"),
        ({"type": "Point", "coordinates": [7.4, 43.7]}, "must be a GeoJSON Polygon"),
        ({"type": "Polygon"}, "must be a GeoJSON Polygon"),
        ({"type": "Polygon", "coordinates": []}, "needs at least three corners"),
        ({"type": "Polygon", "coordinates": [[]]}, "needs at least three corners"),
        ({"type": "Polygon", "coordinates": [7.4]}, "must have positions of two numbers"),
        (
            {"type": "Polygon", "coordinates": [[[7.4, 43.7], [7.41, 43.7]]]},
            "needs at least three corners",
        ),
        (
            {"type": "Polygon", "coordinates": [[[7.4, math.nan], [7.41, 43.7], [7.4, 43.71]]]},
            "must have positions of two numbers",
        ),
        (
            {"type": "Polygon", "coordinates": [[[7.4, 1e300], [7.41, 43.7], [7.4, 43.71]]]},
            "must be lon,lat in degrees",
        ),
        (
            {"type": "Polygon", "coordinates": [[["7.4", True], [7.41, 43.7], [7.4, 43.71]]]},
            "must have positions of two numbers",
        ),
        (
            {"type": "Polygon", "coordinates": [[[7.4, 43.7], [7.41, 43.7], [7.42, 43.7]]]},
            "crosses or touches itself",
        ),
        (
            {
                "type": "Polygon",
                "coordinates": [[[7.4, 43.7], [7.41, 43.71], [7.41, 43.7], [7.4, 43.71]]],
            },
            "crosses or touches itself at 43.70500, 7.40500",
        ),
        (
            {"type": "Polygon", "coordinates": [[[43.7, 7.4], [43.7, 7.41], [43.71, 7.41]]]},
            "longitude and latitude look swapped",
        ),
        (
            {"type": "Polygon", "coordinates": [[[0.0, 0.0], [0.01, 0.0], [0.01, 0.01]]]},
            "lies outside the map",
        ),
        (
            {"type": "Polygon", "coordinates": [[[7.3, 43.6], [7.6, 43.6], [7.6, 43.8]]]},
            "at most 100 km²",
        ),
        (
            {"type": "Polygon", "coordinates": [[[7.4 + i / 1e5, 43.7] for i in range(1_001)]]},
            "at most 1000 corners",
        ),
    ],
)
def test_an_area_that_cannot_be_one_is_refused_by_its_geometry(
    services: Services, dispatcher: Actor, geometry: object, said: str
) -> None:
    """In words that say what to do about it."""
    fields = {"kind": "area", "geometry": geometry, "reason": "x"}

    refused = wrong_fields(services, dispatcher, lambda: CloseRoads.read(fields))

    assert list(refused) == ["geometry"]
    assert said in refused["geometry"]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([(4, 3)], "needs two different points on a road"),
        ([(4, 3), (4, 3)], "needs two different points on a road"),
        ([(-2, 3), (4, 3)], "point 1 is on no road: there is none within 300 m"),
        ([(4, 3), (4, 14)], "point 2 is on no road: there is none within 300 m"),
    ],
)
def test_a_stretch_off_the_road_is_refused_by_its_geometry(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    places: list[tuple[float, float]],
    said: str,
) -> None:
    """Two blocks outside are 400 m: further than snapping goes."""
    refused = wrong_fields(services, dispatcher, lambda: road(grid_city, *places))

    assert list(refused) == ["geometry"]
    assert said in refused["geometry"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "bridge"}, {"kind"}),
        ({"kind": None}, {"kind"}),
        ({"reason": "  "}, {"reason"}),
        ({"reason": "x" * 1_001}, {"reason"}),
        ({"direction": "sideways"}, {"direction"}),
        ({"direction": "along"}, {"direction"}),
        ({"from_at": "yesterday"}, {"from_at"}),
        ({"from_at": datetime(2031, 1, 1)}, {"from_at"}),  # noqa: DTZ001  (no zone: that is the fault)
        ({"from_at": datetime(1999, 1, 1, tzinfo=UTC)}, {"from_at"}),
        ({"until_at": datetime(2001, 1, 1, tzinfo=UTC)}, {"until_at"}),
        ({"geometry": {}, "direction": "along"}, {"geometry", "direction"}),
    ],
)
def test_each_wrong_field_is_named(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    fields: dict[str, object],
    wrong: set[str],
) -> None:
    """And nothing is closed."""
    refused = wrong_fields(services, dispatcher, lambda: area(grid_city, 4, 2, 5, 3, **fields))

    assert set(refused) == wrong


def test_an_end_before_the_beginning_or_now_is_refused(
    services: Services, dispatcher: Actor, grid_city: GridCity, clock: SettableClock
) -> None:
    """Three ways to close nothing."""

    def at(minutes: float) -> datetime:
        return clock() + timedelta(minutes=minutes)

    for begins, ends in ((at(10), at(10)), (at(10), at(5)), (at(-10), at(-5))):
        wanted = partial(area, grid_city, 4, 2, 5, 3, from_at=begins, until_at=ends)
        assert set(wrong_fields(services, dispatcher, wanted)) == {"until_at"}
