"""Places of the desk for studies: incidents, crews, stations; reading only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import Services
from dispatch.crews.types import AddStation
from dispatch.incidents.types import IncidentAnswer
from scripts.errors import DatabaseError
from scripts.studies.inputs.desk_points import desk_session
from scripts.studies.inputs.desk_points import live_positions
from scripts.studies.inputs.desk_points import past_incidents
from scripts.studies.inputs.desk_points import standby_points
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import SettableClock

pytestmark = [pytest.mark.postgis, pytest.mark.usefixtures("of_the_desk")]


def test_incidents_crews_and_stations_are_read_where_they_are(
    services: Services,
    yard: CrewYard,
    pin: Callable[..., IncidentAnswer],
    clock: SettableClock,
    grid_city: GridCity,
) -> None:
    """Incidents of the period that was asked for, crews on duty, all stations."""
    pin(3, 4)
    clock.forward(3_600)
    incident = pin(5, 6)
    yard.put("van", 1, 2)
    lon, lat = grid_city.at(7, 8)
    services.stations.add(SYSTEM, AddStation(name="depot", lon=lon, lat=lat))
    now = clock()

    with desk_session() as session:
        latest = past_incidents(session, now - timedelta(minutes=30), now + timedelta(seconds=1))
        crews = live_positions(session, now)
        posts = standby_points(session)

    assert latest.names == (f"#{incident['id']}",)
    assert latest.lonlat[0] == pytest.approx(grid_city.at(5, 6))
    assert latest.at == (now,)
    assert crews.names == ("van",)
    assert crews.lonlat[0] == pytest.approx(grid_city.at(1, 2))
    assert "depot" in posts.names
    assert posts.lonlat[posts.names.index("depot")] == pytest.approx((lon, lat))


def test_crews_that_have_not_been_heard_of_for_long_do_not_count(
    yard: CrewYard, clock: SettableClock
) -> None:
    """Nobody knows where they are."""
    yard.put("van", 1, 2)

    with desk_session() as session, pytest.raises(DatabaseError, match="No crew on duty"):
        live_positions(session, clock() + timedelta(hours=1))


@pytest.mark.usefixtures("clean")
def test_a_study_cannot_write_to_the_board() -> None:
    """PostgreSQL itself refuses."""
    with desk_session() as session, pytest.raises(DBAPIError, match="read-only transaction"):
        session.execute(text("DELETE FROM incident"))
