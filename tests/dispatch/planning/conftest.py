"""A planner, and standby points on the grid."""

from collections.abc import Callable

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.planning.types import Post
from tests.cities import GridCity
from tests.conftest import People


@pytest.fixture
def planner(people: People) -> Actor:
    """Return a planner."""
    return people.sign_up("petra", Role.PLANNER)


@pytest.fixture
def post(grid_city: GridCity) -> Callable[[float, float], Post]:
    """Return a function that makes a standby point at a place of the grid."""

    def make(column: float, row: float) -> Post:
        lon, lat = grid_city.at(column, row)
        return Post(name=f"{column:g}/{row:g}", lon=lon, lat=lat)

    return make
