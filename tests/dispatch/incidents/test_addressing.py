"""An incident without an address gets that of its point, and nobody's words are touched."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.bootstrap import defer_at_start
from dispatch.bootstrap import job_app
from dispatch.ground.addresses import AddressLookup
from dispatch.incidents.addressing import FILL_ADDRESSES
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.writes.command import Step
from geodata.db import make_engine
from tests.cities import GridCity
from tests.conftest import Database
from tests.looking import looking

pytestmark = pytest.mark.postgis


def report(city: GridCity, column: float, row: float, **fields: Any) -> CreateIncident:  # noqa: ANN401
    """Return a report of a gas leak at a place of the grid."""
    lon, lat = city.at(column, row)
    return CreateIncident(kind="gas_leak", lon=lon, lat=lat, **fields)


def test_an_incident_without_an_address_gets_that_of_its_point(
    services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """In the middle of a block of row 3, next to column 2; what is written stays."""
    derived = services.incidents.create(dispatcher, report(grid_city, 2.3, 3))
    written = services.incidents.create(dispatcher, report(grid_city, 2.3, 3, address="Gate 4"))

    assert derived["address"] == "Row 3 (Column 2)"
    assert written["address"] == "Gate 4"
    (created,) = services.incidents.timeline(dispatcher, derived["id"])["events"]
    assert created["data"]["address"] == "Row 3 (Column 2)"


def test_a_look_up_that_fails_or_lasts_holds_up_nothing(
    database: Database, owner_engine: Engine, grid_city: GridCity, grid_ground: int
) -> None:
    """The table is locked by an import, or the database is gone."""
    engine = make_engine(database.app_url)
    lookup = AddressLookup(engine)
    with owner_engine.begin() as importing:
        importing.execute(text("LOCK TABLE address IN ACCESS EXCLUSIVE MODE"))
        waited = lookup.address_at(*grid_city.at(2, 3))
    engine.dispose()
    gone = AddressLookup(make_engine(database.app_url.replace("nearcrew_test", "nearcrew_none")))

    assert grid_ground > 0
    assert waited == ""
    assert gone.address_at(*grid_city.at(2, 3)) == ""


def test_what_exists_without_an_address_is_filled_in_once(
    services: Services, dispatcher: Actor, grid_city: GridCity, owner_engine: Engine
) -> None:
    """Not what people wrote, and not what was erased; desks hear of what is not over."""
    open_, closed, written, erased = (
        services.incidents.create(dispatcher, report(grid_city, 2.3, 3))["id"] for _ in range(4)
    )
    for each in (closed, erased):
        services.decisions.cancel(dispatcher, each, Step(reason="twice"))
    changed = ChangeIncident(address="Gate 4")
    services.incidents.update(dispatcher, written, changed)
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE incident SET address = '' WHERE address <> 'Gate 4'"))
        connection.execute(
            text("UPDATE incident SET erased_at = now() WHERE id = :id"), {"id": erased}
        )
    before = services.events.head_id()
    version = services.incidents.get(dispatcher, open_)["version"]

    filled = services.addressing.fill()
    again = services.addressing.fill()

    addresses = {
        each: services.incidents.get(dispatcher, each)["address"]
        for each in (open_, closed, written, erased)
    }
    assert (filled, again) == (2, 0)
    street = "Row 3 (Column 2)"
    assert addresses == {open_: street, closed: street, written: "Gate 4", erased: ""}
    assert services.incidents.get(dispatcher, open_)["version"] == version + 1
    told = services.events.read_after(before)
    assert [(each["kind"], each["incident_id"]) for each in told] == [
        ("incident.updated", open_),
        ("addresses.derived", None),
    ]
    assert told[1]["data"] == {"incident_ids": [closed]}


def test_an_import_and_the_start_of_a_worker_have_addresses_filled_in(services: Services) -> None:
    """The job is known to the worker under the name that both use."""
    defer_at_start(services)

    assert FILL_ADDRESSES in job_app(services).tasks
    query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name")
    with looking(services.engine) as connection:
        assert connection.scalar(query, {"name": FILL_ADDRESSES}) == 1
