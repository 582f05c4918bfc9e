"""The way of an order: others to choose from, the choice kept, and the roads that a phone keeps."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.closures.types import CloseRoads
from dispatch.closures.types import LiftClosure
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.roads.types import Origin
from dispatch.sending.path_types import OtherWay
from dispatch.sending.types import SendCrew
from dispatch.ways.types import ChooseWay
from dispatch.writes.command import Step
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
RADIUS_M = 5_000.0


@pytest.fixture
def crew_id(yard: CrewYard) -> int:
    """Return a crew in the south-west."""
    return yard.put("West", 2.5, 2)


@pytest.fixture
def driver(people: People, crew_id: int) -> Actor:
    """Return who drives it."""
    return people.sign_up("wes", Role.CREW, crew_id=crew_id)


@pytest.fixture
def order_id(services: Services, dispatcher: Actor, pin: Pin, crew_id: int) -> int:
    """Send the crew to the north-east."""
    wanted = SendCrew(crew_id=crew_id)
    order, _ = services.sending.send(dispatcher, pin(9.5, 8)["id"], wanted)
    return order["id"]


def choice_of(way: OtherWay) -> ChooseWay:
    """Return the command that chooses a way, as a phone says it."""
    return ChooseWay.read({"via": way["via"], "by": way["by"] or None})


def test_another_way_is_chosen_and_stays_the_way_of_the_order(
    services: Services, driver: Actor, dispatcher: Actor, order_id: int
) -> None:
    """For the desk too, from wherever it still leads on, until the fastest is wanted again."""
    ways = services.ways
    fastest = ways.of_assignment(driver, order_id, language="en", alternatives=True)
    other = fastest["properties"]["alternatives"][0]

    chosen = ways.choose(driver, order_id, choice_of(other))
    shown = ways.of_assignment(dispatcher, order_id, alternatives=True)
    line = other["coordinates"]
    further = Origin(*line[len(line) * 5 // 6])
    onward = ways.of_assignment(driver, order_id, origin=further)
    ways.choose(driver, order_id, ChooseWay(via=None))
    again = ways.of_assignment(dispatcher, order_id)

    assert fastest["properties"]["via"] is None
    assert other["by"] != fastest["properties"]["by"]
    assert other["steps"][-1]["kind"] == "arrive"
    assert chosen["via"] == other["via"]
    assert shown["geometry"]["coordinates"] == line
    assert shown["properties"]["via"] is not None
    # The fastest is now among the others, to go back to.
    assert shown["properties"]["alternatives"][0]["via"] is None
    assert onward["properties"]["length_m"] < shown["properties"]["length_m"] / 3
    assert again["geometry"] == fastest["geometry"]


def test_a_choice_is_told_once_and_an_older_one_changes_nothing(
    services: Services, driver: Actor, order_id: int, clock: SettableClock
) -> None:
    """A phone without a signal tells it late, and may tell it twice."""
    ways = services.ways
    way = ways.of_assignment(driver, order_id, alternatives=True)
    wanted = choice_of(way["properties"]["alternatives"][0])
    clock.forward(120)

    ways.choose(driver, order_id, wanted)
    ways.choose(driver, order_id, wanted)
    earlier = wanted.model_copy(update={"via": None, "occurred_at": clock() - timedelta(minutes=1)})
    late = ways.choose(driver, order_id, earlier)

    assert late["via"] is not None
    told = [
        event for event in services.events.read_after(0) if event["kind"] == "assignment.way_chosen"
    ]
    assert len(told) == 1


def test_only_the_crew_itself_chooses_and_only_while_it_drives(
    services: Services,
    driver: Actor,
    dispatcher: Actor,
    people: People,
    yard: CrewYard,
    order_id: int,
) -> None:
    """Another crew is told nothing of the order; one that is over has no way."""
    stranger = people.sign_up("ester", Role.CREW, crew_id=yard.put("East", 9, 9))

    with pytest.raises(NotFound):
        services.ways.choose(stranger, order_id, ChooseWay(via=None))
    with pytest.raises(NotFound):
        services.ways.roads_around(stranger, order_id, RADIUS_M)
    services.assignments.act(dispatcher, order_id, Action.WITHDRAW, Step())
    with pytest.raises(Conflict) as refused:
        services.ways.choose(driver, order_id, ChooseWay(via=None))

    assert refused.value.code == "wrong_state"


def test_the_roads_to_keep_are_made_anew_when_closures_change_and_only_then(
    services: Services,
    driver: Actor,
    dispatcher: Actor,
    order_id: int,
    grid_city: GridCity,
    clock: SettableClock,
) -> None:
    """One that begins in two hours comes along with its times; one of next week does not."""
    corners = [(4.2, 2.9), (4.8, 2.9), (4.8, 3.1), (4.2, 3.1), (4.2, 2.9)]
    area = {"type": "Polygon", "coordinates": [[list(grid_city.at(*each)) for each in corners]]}

    def close(after: timedelta) -> int:
        begin = clock() + after
        wanted = {"kind": "area", "geometry": area, "from_at": begin.isoformat(), "reason": "Dig"}
        closure, _ = services.closures.create(
            dispatcher, CloseRoads.read_json(json.dumps(wanted).encode())
        )
        services.roads.apply_closures()
        return closure["id"]

    first = services.ways.roads_around(driver, order_id, RADIUS_M)
    same = services.ways.roads_around(driver, order_id, RADIUS_M - 1, first.tag)
    close(timedelta(days=7))
    next_week = services.ways.roads_around(driver, order_id, RADIUS_M, first.tag)
    closure_id = close(timedelta(hours=2))
    soon = services.ways.roads_around(driver, order_id, RADIUS_M, first.tag)
    services.closures.lift(dispatcher, closure_id, LiftClosure())
    services.roads.apply_closures()
    lifted = services.ways.roads_around(driver, order_id, RADIUS_M, soon.tag)

    assert first.body is not None
    assert same.body is None
    assert next_week.body is None
    assert soon.body is not None
    head = json.loads(gzip.decompress(soon.body).split(b"\0", 1)[0])
    (closed,) = head["closures"]
    assert closed["id"] == closure_id
    assert closed["from_ms"] == int((clock() + timedelta(hours=2)).timestamp() * 1000)
    assert len(closed["edges"]) == 2
    assert head["profile"] == "normal"
    assert lifted.tag == first.tag
