"""What standby points reach on the grid: equal to the desk's cover, and never more by a closure."""

import base64
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.closures.types import CloseRoads
from dispatch.core.errors import NotAllowed
from dispatch.planning.conditions import hour_asked
from dispatch.planning.states import DemandKind
from dispatch.planning.types import Conditions
from dispatch.planning.types import LookAtPosts
from dispatch.planning.types import Post
from dispatch.planning.types import PostsCoverAnswer
from dispatch.roads.types import Origin
from dispatch.zones.types import DrawZone
from tests.cities import GridCity

pytestmark = pytest.mark.postgis
At = Callable[[float, float], Post]
Pin = Callable[..., dict[str, Any]]
MINUTES = 70 / 60
"""From the middle of a block some three blocks along a straight street, and less round corners."""


def look(
    services: Services, planner: Actor, *posts: Post, demand: DemandKind = DemandKind.ROAD
) -> PostsCoverAnswer:
    """Return what some posts reach within 70 s."""
    conditions = Conditions(minutes=MINUTES, demand=demand)
    return services.standby_cover.of(planner, LookAtPosts(posts=list(posts), conditions=conditions))


def reached(answer: PostsCoverAnswer, count: int) -> np.ndarray[Any, Any]:
    """Return which street points an answer says are reached."""
    bits = np.frombuffer(base64.b64decode(answer["reached"]), dtype=np.uint8)
    return np.unpackbits(bits, count=count).astype(bool)


def draw(services: Services, city: GridCity, name: str, west: float, east: float) -> None:
    """Draw a response area from one column to another, over all rows."""
    corners = [(west, -0.5), (east, -0.5), (east, 12.5), (west, 12.5), (west, -0.5)]
    ring = [list(city.at(*corner)) for corner in corners]
    outline = {"type": "Polygon", "coordinates": [ring]}
    services.zones.create(SYSTEM, DrawZone(name=name, kind="response_area", geometry=outline))


def test_it_is_what_the_desk_is_told_of_crews_at_the_same_places(
    services: Services, planner: Actor, post: At
) -> None:
    """The same street points, reached by the same search."""
    one, two = post(2.5, 6), post(9.5, 3)
    origins = [Origin(each.lon, each.lat) for each in (one, two)]

    answer = look(services, planner, one, two)

    desk = services.roads.points_reached([origins], 70.0)[0]
    assert 0.05 < desk.mean() < 0.6
    assert reached(answer, len(desk)).tolist() == desk.tolist()
    assert answer["covered_pct"] == pytest.approx(100 * desk.mean(), abs=0.06)
    assert answer["demand_count"] == len(desk)
    area = shapely.geometry.shape(answer["reach"])
    assert shapely.contains_xy(area, one.lon, one.lat)
    assert not shapely.contains_xy(area, *services.roads.street_points()[1][~desk][0])


def test_a_point_more_never_covers_less_and_one_dragged_is_as_if_asked_anew(
    services: Services, planner: Actor, post: At
) -> None:
    """What was found for the others is used again, and nothing of the place that was left."""
    alone = look(services, planner, post(2.5, 6))
    both = look(services, planner, post(2.5, 6), post(9.5, 6))
    dragged = look(services, planner, post(2.5, 6), post(3.5, 6))

    services.roads.apply_closures()  # forgets what was found
    anew = look(services, planner, post(2.5, 6), post(3.5, 6))

    assert both["covered_pct"] > dragged["covered_pct"] > alone["covered_pct"]
    assert {**dragged, "computed_at": ""} == {**anew, "computed_at": ""}


def test_a_closure_in_force_lowers_cover_and_is_told(
    services: Services, planner: Actor, post: At, grid_city: GridCity
) -> None:
    """The street beside the only point is closed."""
    before = look(services, planner, post(2.5, 6))
    corners = [(2.9, 5.9), (3.1, 5.9), (3.1, 6.1), (2.9, 6.1), (2.9, 5.9)]
    ring = [list(grid_city.at(*corner)) for corner in corners]
    outline = {"type": "Polygon", "coordinates": [ring]}
    wanted = {"geometry": outline, "kind": "area", "reason": "dug up"}
    services.closures.create(SYSTEM, CloseRoads.read(wanted))
    services.roads.apply_closures()

    after = look(services, planner, post(2.5, 6))

    assert (before["closures"], after["closures"]) == (0, 1)
    assert after["covered_pct"] < before["covered_pct"]


def test_by_zone_each_counts_for_itself_and_zones_count_by_their_incidents(
    services: Services, planner: Actor, post: At, grid_city: GridCity, pin: Pin
) -> None:
    """Two halves, of which only the western one has a point; three incidents there, none here."""
    draw(services, grid_city, "West", -0.5, 6)
    draw(services, grid_city, "East", 6, 12.5)
    for row in (5, 6, 7):
        pin(2, row)

    answers = {
        demand: look(services, planner, post(2.5, 6), demand=demand) for demand in DemandKind
    }

    shares = {
        demand: {each["name"]: each["covered_pct"] for each in answer["areas"]}
        for demand, answer in answers.items()
    }
    road, zones = shares[DemandKind.ROAD], answers[DemandKind.ZONES]
    assert (road["West"] > 20, road["East"]) == (True, 0)
    assert shares[DemandKind.INCIDENTS] == {"West": 100.0}
    assert answers[DemandKind.INCIDENTS]["covered_pct"] == 100.0
    assert answers[DemandKind.INCIDENTS]["demand_count"] == 3
    # (3 + 1) of (3 + 1) + (0 + 1) parts of the weight are in the west: four fifths of its share.
    assert zones["covered_pct"] == pytest.approx(0.8 * road["West"], abs=0.1)


def test_what_lies_off_every_road_is_named_and_reaches_nothing(
    services: Services, planner: Actor, grid_city: GridCity, post: At
) -> None:
    """A point in the sea; and no point at all is no error."""
    lon, lat = grid_city.at(40, 40)

    answer = look(services, planner, post(2.5, 6), Post(name="sea", lon=lon, lat=lat))
    nobody = look(services, planner)

    assert answer["off_road"] == [1]
    assert answer["covered_pct"] == look(services, planner, post(2.5, 6))["covered_pct"]
    assert (nobody["covered_pct"], nobody["reach"]["coordinates"]) == (0, [])


def test_who_may_not_plan_is_told_nothing(services: Services, dispatcher: Actor, post: At) -> None:
    """A dispatcher has the board, not the plan."""
    with pytest.raises(NotAllowed):
        look(services, dispatcher, post(2.5, 6))


def test_an_hour_of_the_week_is_counted_from_monday_at_the_utility() -> None:
    """Hour 31 is Tuesday, 7 in the morning, wherever the server stands; none is now."""
    shanghai, now = ZoneInfo("Asia/Shanghai"), datetime(2026, 7, 1, 12, tzinfo=UTC)

    asked = hour_asked(31, now, shanghai)

    assert (asked.strftime("%A"), asked.hour) == ("Tuesday", 7)
    assert asked.utcoffset() == shanghai.utcoffset(asked)
    assert hour_asked(None, now, shanghai) is now
