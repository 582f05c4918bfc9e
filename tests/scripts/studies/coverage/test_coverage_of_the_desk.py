"""`nearcrew study coverage` on the desk's own ground, stations and incidents."""

from collections.abc import Callable

import pytest

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import Services
from dispatch.crews.types import AddStation
from dispatch.incidents.types import IncidentAnswer
from tests.cities import GridCity
from tests.scripts.command_line import Nearcrew

pytestmark = [pytest.mark.postgis, pytest.mark.usefixtures("of_the_desk")]


def test_past_incidents_are_reached_from_the_stations(
    services: Services,
    pin: Callable[..., IncidentAnswer],
    grid_city: GridCity,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One is two blocks away, 40 s, the other eight; the ground is the one in use."""
    lon, lat = grid_city.at(1.5, 6)
    services.stations.add(SYSTEM, AddStation(name="west", lon=lon, lat=lat))
    pin(3.5, 6)
    pin(9.5, 6)

    said = Nearcrew(monkeypatch, capsys)(
        "study", "coverage", "--demand", "incidents", "--days", "36500", "--minutes", "1"
    )

    assert said.code == 0, said.err
    assert said.out.startswith("50.0 % of demand is reached within 1 min from 1 post.")
