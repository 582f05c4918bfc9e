"""Is it known already? Unfinished incidents near a place, of a fitting kind, reported lately."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.incidents.types import AddReport
from dispatch.writes.command import Step
from tests.cities import GridCity
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
DAY_S = 86_400


def near(services: Services, desk: Actor, city: GridCity, **more: Any) -> list[tuple[int, float]]:  # noqa: ANN401
    """Return the incidents near (3, 3) and how far they lie, in whole tens of metres."""
    found = services.join_proposals.near(desk, city.at(3, 3), **more)["incidents"]
    return [(each["incident"]["id"], round(each["distance_m"], -1)) for each in found]


def test_the_nearest_come_first_and_none_beyond_the_radius(
    services: Services, dispatcher: Actor, pin: Pin, grid_city: GridCity
) -> None:
    """A block is 200 m: one and half a block away, and one at two blocks' distance."""
    further, nearer, _ = pin(4, 3), pin(3, 3.5), pin(5, 3)

    assert near(services, dispatcher, grid_city) == [(nearer["id"], 100), (further["id"], 200)]
    assert near(services, dispatcher, grid_city, limit=1) == [(nearer["id"], 100)]
    assert near(services, dispatcher, grid_city, radius_m=150) == [(nearer["id"], 100)]


def test_a_kind_fits_those_of_its_utility(
    services: Services, dispatcher: Actor, pin: Pin, grid_city: GridCity
) -> None:
    """No gas supply may be the gas leak next door; a burst main is not."""
    leak, burst = pin(3, 3), pin(3, 3, kind="water_burst")

    outage = near(services, dispatcher, grid_city, kind="gas_outage")
    anything = near(services, dispatcher, grid_city)

    assert outage == [(leak["id"], 0)]
    assert anything == [(leak["id"], 0), (burst["id"], 0)]
    with pytest.raises(InvalidInput) as refused:
        near(services, dispatcher, grid_city, kind="earthquake")
    assert [each.field for each in refused.value.fields] == ["kind"]


def test_what_ended_or_was_last_reported_a_day_ago_is_not_proposed(
    services: Services, dispatcher: Actor, pin: Pin, grid_city: GridCity, clock: SettableClock
) -> None:
    """An old one that somebody reported again an hour ago is."""
    forgotten, told_again, ended = pin(3, 3), pin(3, 3), pin(3, 3)
    services.decisions.cancel(dispatcher, ended["id"], Step(reason="a mistake"))
    assert len(near(services, dispatcher, grid_city)) == 2
    clock.forward(DAY_S - 3_600)
    again = AddReport(channel="call", words="It still smells")
    services.reports.add(dispatcher, told_again["id"], again)
    clock.forward(3_601)

    assert near(services, dispatcher, grid_city) == [(told_again["id"], 0)]
    assert forgotten["id"] != told_again["id"]


def test_a_crew_may_not_look_what_happens_nearby(
    services: Services, crew_actor: Actor, grid_city: GridCity
) -> None:
    """Callers and places are the desk's."""
    with pytest.raises(NotAllowed):
        near(services, crew_actor, grid_city)


def test_the_place_is_looked_up_in_the_index(pin: Pin, owner_engine: Engine) -> None:
    """Among all incidents ever, only the unfinished ones near it are read."""
    pin(3, 3)
    query = text(
        "EXPLAIN SELECT id FROM incident"
        " WHERE ST_DWithin(geography(point), geography('SRID=4326;POINT(7.4 43.7)'), 300.0)"
        " AND state IN ('assigned', 'on_scene', 'open', 'resolved')"
    )
    with owner_engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        plan = "\n".join(connection.execute(query).scalars())

    assert "ix_incident_unfinished_geography" in plan
