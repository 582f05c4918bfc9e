"""Closures on real roads: crews drive round them, leave them, and drive through again."""

import math
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.closures.types import ClosureListQuery
from dispatch.closures.types import LiftClosure
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.roads.types import Origin
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.dispatch.closures.requests import area
from tests.dispatch.closures.requests import road

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


@pytest.fixture
def drive_s(services: Services, grid_city: GridCity) -> Callable[..., float]:
    """Return a function that tells the seconds from one place of the grid to another."""

    def seconds(origin: tuple[float, float], target: tuple[float, float]) -> float:
        times = services.roads.travel_times_to(
            [Origin(*grid_city.at(*origin))], grid_city.at(*target)
        )
        assert times is not None
        return times.travel_time_s[0]

    return seconds


def test_a_crew_drives_round_a_closed_area_and_straight_again_once_it_is_lifted(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    grid_city: GridCity,
) -> None:
    """Row 3 is shut between columns 4 and 5: one block north, one back, 40 s more and turns."""
    #       row 4   +----+----+----+
    #               |    |    |    |
    #       row 3   3.5--4-XX-5---6.5
    crew_id = yard.put("West", 3.5, 3)
    incident = pin(6.5, 3)

    def travel_time_s() -> float:
        answer = services.candidates.for_incident(dispatcher, incident["id"], 2_000)
        (candidate,) = answer["candidates"]
        assert candidate["crew_id"] == crew_id
        seconds = candidate["travel_time_s"]
        assert seconds is not None
        return seconds

    before_s = travel_time_s()
    closure, _ = services.closures.create(dispatcher, area(grid_city, 4.2, 2.9, 4.8, 3.1))
    during_s = travel_time_s()
    way = services.paths.of_crew(dispatcher, incident["id"], crew_id)
    services.closures.lift(dispatcher, closure["id"], LiftClosure())

    assert before_s == pytest.approx(60, abs=1)
    assert before_s + 40 <= during_s <= before_s + 100
    assert way["properties"]["travel_time_s"] == pytest.approx(during_s, abs=0.1)
    assert way["properties"]["length_m"] == pytest.approx(1_000, rel=0.01)
    assert travel_time_s() == before_s


def test_a_crew_inside_a_closed_area_can_still_leave_it(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    drive_s: Callable[..., float],
) -> None:
    """The crew that digs the trench is sent on; nobody else is sent through."""
    before_s = drive_s((5.5, 3), (8.5, 3))

    services.closures.create(dispatcher, area(grid_city, 4.5, 2.5, 6.5, 3.5))

    assert drive_s((5.5, 3), (8.5, 3)) == pytest.approx(before_s, abs=0.1)
    assert drive_s((3.5, 3), (8.5, 3)) > 100


def test_a_stretch_of_road_can_be_closed_in_one_direction_only(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    drive_s: Callable[..., float],
) -> None:
    """Eastbound is closed from 4.2 to 4.8 of row 3; westbound is as it was."""
    west, east = (3.5, 3), (6.5, 3)
    eastbound_s, westbound_s = drive_s(west, east), drive_s(east, west)

    services.closures.create(dispatcher, road(grid_city, (4.2, 3), (4.8, 3), direction="along"))

    assert drive_s(west, east) >= eastbound_s + 40
    assert drive_s(east, west) == westbound_s


def test_against_closes_the_other_direction(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    drive_s: Callable[..., float],
) -> None:
    """The same two points, the other way."""
    west, east = (3.5, 3), (6.5, 3)
    eastbound_s, westbound_s = drive_s(west, east), drive_s(east, west)

    services.closures.create(dispatcher, road(grid_city, (4.2, 3), (4.8, 3), direction="against"))

    assert drive_s(west, east) == eastbound_s
    assert drive_s(east, west) >= westbound_s + 40


def test_what_is_shown_of_a_stretch_follows_the_road(
    services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """From row 3 round the corner into column 5: 0.5 + 0.5 blocks, not the diagonal."""
    closure, _ = services.closures.create(dispatcher, road(grid_city, (4.5, 3), (5, 3.5)))

    line = closure["geometry"]["coordinates"]
    assert closure["geometry"]["type"] == "LineString"
    assert line[0] == pytest.approx(grid_city.at(4.5, 3), abs=1e-5)
    assert line[-1] == pytest.approx(grid_city.at(5, 3.5), abs=1e-5)
    corner = grid_city.at(5, 3)
    assert any(math.dist(point, corner) < 1e-5 for point in line)
    assert all(first != second for first, second in pairwise(line))


def test_a_timed_closure_begins_and_ends_with_the_clock(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    clock: SettableClock,
    drive_s: Callable[..., float],
) -> None:
    """From in 10 min for 5 min; each time the next change is announced to whoever waits for it."""
    free_s = drive_s((3.5, 3), (6.5, 3))
    begins, ends = clock() + timedelta(minutes=10), clock() + timedelta(minutes=15)

    closure, _ = services.closures.create(
        dispatcher,
        area(grid_city, 4.2, 2.9, 4.8, 3.1, from_at=begins, until_at=ends),
    )

    assert closure["state"] == "planned"
    assert services.roads.apply_closures() == 600
    assert drive_s((3.5, 3), (6.5, 3)) == free_s
    clock.forward(600)
    assert services.roads.apply_closures() == 300
    assert services.closures.get(dispatcher, closure["id"])["state"] == "active"
    assert drive_s((3.5, 3), (6.5, 3)) >= free_s + 40
    clock.forward(300)
    assert services.roads.apply_closures() is None
    assert services.closures.get(dispatcher, closure["id"])["state"] == "over"
    assert drive_s((3.5, 3), (6.5, 3)) == free_s


def test_a_worker_that_starts_knows_what_is_closed(
    services: Services, dispatcher: Actor, grid_city: GridCity, drive_s: Callable[..., float]
) -> None:
    """Its first answer already drives round."""
    services.closures.create(dispatcher, area(grid_city, 4.2, 2.9, 4.8, 3.1))
    closed_s = drive_s((3.5, 3), (6.5, 3))
    services.roads.close()

    assert services.roads.refresh()

    assert drive_s((3.5, 3), (6.5, 3)) == closed_s


def test_a_closure_that_has_no_place_on_a_new_ground_leaves_the_others_in_force(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    drive_s: Callable[..., float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A city imported anew may lack a street; the burst main next to it stays closed."""
    services.closures.create(dispatcher, area(grid_city, 4.2, 2.9, 4.8, 3.1))
    closed_s = drive_s((3.5, 3), (6.5, 3))
    known = services.roads._closures()
    lost = type(known[0])(
        99, road(grid_city, (-9, 0), (-9, 1)).geometry, "both", known[0].from_at, None
    )
    monkeypatch.setattr(services.roads, "_closures", lambda: [lost, *known])

    services.roads.apply_closures()

    assert drive_s((3.5, 3), (6.5, 3)) == closed_s


def test_closing_everything_leaves_no_way_and_breaks_nothing(
    services: Services, dispatcher: Actor, grid_city: GridCity, drive_s: Callable[..., float]
) -> None:
    """Unreachable is infinite; lifting brings everything back."""
    free_s = drive_s((3.5, 3), (6.5, 3))

    closure, _ = services.closures.create(dispatcher, area(grid_city, -1, -1, 13, 13))

    assert drive_s((3.5, 3), (6.5, 3)) == math.inf
    services.closures.lift(dispatcher, closure["id"], LiftClosure())
    assert drive_s((3.5, 3), (6.5, 3)) == free_s


def test_who_closed_and_who_lifted_is_in_the_log(
    services: Services, dispatcher: Actor, administrator: Actor, grid_city: GridCity
) -> None:
    """With where, when and why: the closure as it was then."""
    closure, _ = services.closures.create(dispatcher, area(grid_city, 4, 2, 5, 3))
    services.closures.lift(administrator, closure["id"], LiftClosure(reason="Filled in"))

    created, lifted = [
        each for each in services.events.read_after(0) if each["kind"].startswith("closure.")
    ]
    assert (created["kind"], created["actor"]) == ("closure.created", dispatcher.display_name)
    assert created["data"]["closure"] == closure
    assert (lifted["kind"], lifted["actor"]) == ("closure.lifted", administrator.display_name)
    assert lifted["data"]["closure"]["lift_reason"] == "Filled in"
    assert lifted["data"]["closure"]["state"] == "over"


def test_lifting_twice_is_lifting_once(
    services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """A lost answer may be asked for again."""
    closure, _ = services.closures.create(dispatcher, area(grid_city, 4, 2, 5, 3))

    first = services.closures.lift(dispatcher, closure["id"], LiftClosure())
    second = services.closures.lift(dispatcher, closure["id"], LiftClosure())

    assert first == second
    kinds = [each["kind"] for each in services.events.read_after(0)]
    assert kinds.count("closure.lifted") == 1


def test_what_is_over_cannot_be_lifted(
    services: Services, dispatcher: Actor, grid_city: GridCity, clock: SettableClock
) -> None:
    """Its roads are open already."""
    until = clock() + timedelta(minutes=1)
    closure, _ = services.closures.create(dispatcher, area(grid_city, 4, 2, 5, 3, until_at=until))
    clock.forward(60)

    with pytest.raises(Conflict) as error:
        services.closures.lift(dispatcher, closure["id"], LiftClosure())

    assert error.value.code == "closure_over"


def test_a_closure_that_is_not_there_cannot_be_lifted(
    services: Services, dispatcher: Actor
) -> None:
    """Nor one beyond every number."""
    for number in (1, 2**80):
        with pytest.raises(NotFound):
            services.closures.lift(dispatcher, number, LiftClosure())


def test_the_same_request_again_closes_once(
    services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """By its idempotency key; another request under the same key is refused."""
    wanted = area(grid_city, 4, 2, 5, 3)

    first, replayed = services.closures.create(dispatcher, wanted, "k1")
    again, replayed_again = services.closures.create(dispatcher, wanted, "k1")

    assert (replayed, replayed_again) == (False, True)
    assert again == first
    with pytest.raises(Conflict) as error:
        services.closures.create(dispatcher, wanted.model_copy(update={"reason": "other"}), "k1")
    assert error.value.code == "idempotency_mismatch"


def test_the_same_request_again_is_answered_when_the_closure_is_long_over(
    services: Services, dispatcher: Actor, grid_city: GridCity, clock: SettableClock
) -> None:
    """A lost answer may be asked for late; only a new closure must not end in the past."""
    until_at = clock.now + timedelta(minutes=5)
    wanted = area(grid_city, 4, 2, 5, 3, until_at=until_at)
    first, _ = services.closures.create(dispatcher, wanted, "k1")
    clock.forward(600)

    again, replayed = services.closures.create(dispatcher, wanted, "k1")

    assert replayed
    assert again == first
    with pytest.raises(InvalidInput):
        services.closures.create(dispatcher, wanted, "k2")


def test_the_list_has_what_holds_or_will_first_and_can_be_only_that(
    services: Services, dispatcher: Actor, grid_city: GridCity, clock: SettableClock
) -> None:
    """Planned, active, over."""
    over, _ = services.closures.create(dispatcher, area(grid_city, 1, 1, 2, 2))
    services.closures.lift(dispatcher, over["id"], LiftClosure())
    active, _ = services.closures.create(dispatcher, area(grid_city, 3, 1, 4, 2))
    tomorrow = clock() + timedelta(days=1)
    planned, _ = services.closures.create(dispatcher, area(grid_city, 5, 1, 6, 2, from_at=tomorrow))
    late, _ = services.closures.create(dispatcher, area(grid_city, 7, 1, 8, 2))
    services.closures.lift(dispatcher, late["id"], LiftClosure())

    def ids(*, only: bool | None = None) -> list[int]:
        return [
            each["id"]
            for each in services.closures.list(dispatcher, ClosureListQuery(active=only))[
                "closures"
            ]
        ]

    assert ids() == [planned["id"], active["id"], late["id"], over["id"]]
    assert ids(only=True) == [active["id"]]
    assert ids(only=False) == [planned["id"], late["id"], over["id"]]


def test_crews_see_closures_and_cannot_make_them(
    services: Services, dispatcher: Actor, people: People, yard: CrewYard, grid_city: GridCity
) -> None:
    """Whoever drives has to know; who decides is the desk."""
    crew = people.sign_up("cruz", Role.CREW, crew_id=yard.put("A", 1, 1))
    closure, _ = services.closures.create(dispatcher, area(grid_city, 4, 2, 5, 3))

    assert services.closures.list(crew)["closures"] == [closure]
    assert services.events.for_actor(crew, services.events.read_after(0)[-1])
    with pytest.raises(NotAllowed):
        services.closures.create(crew, area(grid_city, 4, 2, 5, 3))
    with pytest.raises(NotAllowed):
        services.closures.lift(crew, closure["id"], LiftClosure())


def test_an_outline_with_a_hole_leaves_the_streets_in_it_open(
    services: Services, dispatcher: Actor, grid_city: GridCity, drive_s: Callable[..., float]
) -> None:
    """Inside the hole a block is driven as ever."""
    wanted = area(grid_city, 2.5, 2.5, 7.5, 7.5)
    hole = area(grid_city, 4.5, 4.5, 6.5, 6.5).geometry["coordinates"][0]
    wanted.geometry["coordinates"].append(hole)
    inside_s = drive_s((5.2, 5), (5.8, 5))

    services.closures.create(dispatcher, wanted)

    assert drive_s((5.2, 5), (5.8, 5)) == inside_s
    assert drive_s((1, 5), (5.8, 5)) == math.inf
