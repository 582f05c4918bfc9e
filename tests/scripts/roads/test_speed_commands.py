"""`nearcrew speeds …` as it is typed."""

import json
from pathlib import Path

import pytest

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.settings import Settings
from routing.engine.hourly_speeds import SpeedTable
from tests.conftest import CrewYard
from tests.conftest import Database
from tests.conftest import SettableClock
from tests.driven_orders import DrivenOrders
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


@pytest.fixture
def nearcrew(
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Nearcrew:
    """Return the command line on the database of the services."""
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("DATABASE_ADMIN_URL", database.owner_url)
    monkeypatch.setenv("NEARCREW_VAR", str(settings.var_dir))
    return Nearcrew(monkeypatch, capsys)


def test_observed_speeds_are_listed_and_accepted_into_the_file_of_factors(
    nearcrew: Nearcrew,
    services: Services,
    dispatcher: Actor,
    yard: CrewYard,
    clock: SettableClock,
    tmp_path: Path,
) -> None:
    """Five drives at half the speed: the factor is a half in their hours; what stood stays."""
    file = tmp_path / "speeds.json"
    kept = {"classes": ["primary"], "from_hour": 7, "until_hour": 9, "factor": 0.7}
    file.write_text(json.dumps({"time_zone": "UTC", "rules": [kept]}), encoding="utf-8")
    none = nearcrew("speeds", "observed")
    orders = DrivenOrders(services, dispatcher, yard)
    for _ in range(5):
        orders.drive(5.0)
    clock.forward(16 * 60)
    services.track_making.make()

    listed = nearcrew("speeds", "observed")
    unset = nearcrew("speeds", "accept")
    unknown = nearcrew("speeds", "accept", "motorway", "--file", str(file))
    accepted = nearcrew("speeds", "accept", "--few", "--file", str(file))

    assert none.out.startswith("Nothing has been driven yet")
    assert listed.code == 0, listed.err
    assert listed.out.splitlines()[1].startswith("residential")
    assert "than predicted" in listed.out
    assert (unset.code, "NEARCREW_SPEEDS" in unset.err) == (2, True)
    assert (unknown.code, "motorway" in unknown.err) == (2, True)
    assert accepted.code == 0, accepted.err
    factors = SpeedTable.load(file).factors
    assert factors.min() == pytest.approx(0.5, abs=0.04)
    assert json.loads(file.read_text(encoding="utf-8"))["rules"][0] == kept
