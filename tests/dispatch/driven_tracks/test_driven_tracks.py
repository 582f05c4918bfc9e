"""What was driven for an order is matched once it has ended, and kept as long as it is to be."""

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.bootstrap import job_app
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.driven_tracks.tasks import MAKE_TRACKS
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.driven_orders import DrivenOrders

pytestmark = pytest.mark.postgis


@pytest.fixture
def supervisor(people: People) -> Actor:
    """Return who may look at what happened."""
    return people.sign_up("sue", Role.SUPERVISOR)


@pytest.fixture
def orders(services: Services, dispatcher: Actor, yard: CrewYard) -> DrivenOrders:
    """Return what lets crews drive for orders."""
    return DrivenOrders(services, dispatcher, yard)


def test_the_track_of_an_ended_order_has_its_metres_streets_and_stops(
    services: Services, supervisor: Actor, orders: DrivenOrders, clock: SettableClock
) -> None:
    """Four blocks of 200 m, then a stop of ten minutes; made once, late fixes are waited for."""
    order_id = orders.drive(10.0)

    too_early = services.track_making.make()
    clock.forward(16 * 60)
    made, again = services.track_making.make(), services.track_making.make()
    track = services.driven_tracks.of_order(supervisor, order_id)

    assert (too_early, made, again) == (0, 1, 0)
    assert track["driven_m"] == pytest.approx(800.0, abs=15.0)
    assert track["matched_share"] == 1.0
    assert track["gaps"] == []
    assert [stop["street"] in {"Column 4", "Row 5"} for stop in track["stops"]] == [True]
    assert track["line"] is not None
    assert track["line"]["type"] == "MultiLineString"
    assert track["actual_s"] == pytest.approx(80.0)
    with pytest.raises(NotFound):
        services.driven_tracks.of_order(supervisor, order_id + 1)
    with pytest.raises(NotAllowed):
        services.driven_tracks.of_order(
            Actor(None, "cruz", "cruz", frozenset({Role.CREW})), order_id
        )


def test_observed_speeds_are_shares_of_free_flow_without_turns_and_stops(
    services: Services, administrator: Actor, orders: DrivenOrders, clock: SettableClock
) -> None:
    """Driven at 5 m/s on roads of 10 m/s: about a half, and the time is then predicted better."""
    for _ in range(5):
        orders.drive(5.0)
    clock.forward(16 * 60)
    services.track_making.make()

    found = services.driven_tracks.speeds(administrator)

    best = found["speeds"][0]
    assert found["drives"] == 5
    assert best["road_class"] == "residential"
    assert best["observed"] == pytest.approx(0.5, abs=0.04)
    assert best["present"] == 1.0
    assert best["observed_error"] < 0.1 < best["present_error"]


def test_tracks_are_kept_longer_than_positions_and_not_for_good(
    services: Services, supervisor: Actor, orders: DrivenOrders, clock: SettableClock
) -> None:
    """A year by default; what is gone is not made again, for its positions are gone too."""
    order_id = orders.drive(10.0)
    clock.forward(16 * 60)
    services.track_making.make()

    clock.forward(86_400 * 364)
    kept = services.track_making.forget()
    clock.forward(86_400 * 2)
    forgotten, made = services.track_making.forget(), services.track_making.make()

    assert (kept, forgotten, made) == (0, 1, 0)
    with pytest.raises(NotFound):
        services.driven_tracks.of_order(supervisor, order_id)


def test_a_worker_knows_the_job(services: Services) -> None:
    """It is put in every ten minutes."""
    app = job_app(services)

    assert MAKE_TRACKS in app.tasks
