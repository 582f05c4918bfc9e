"""Speed factors by road class and hour of the week, from arrays and small files."""

import json
from datetime import UTC
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from routing.errors import NetworkError
from routing.errors import SpeedTableError
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street

_MONDAY_8_SHANGHAI = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)  # 08:30 at UTC+8
_RUSH = {
    "time_zone": "Asia/Shanghai",
    "rules": [
        {
            "classes": ["primary"],
            "days": [1, 2, 3, 4, 5],
            "from_hour": 7,
            "until_hour": 9,
            "factor": 0.5,
        }
    ],
    "hourly": {"tertiary": [0.8] * 168},
}


def _written(folder: Path, content: object) -> Path:
    path = folder / "speeds.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def town() -> Town:
    """Return a primary street of 1 000 m and a residential one of 500 m, at 10 m/s."""
    nodes = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (1500.0, 0.0)}
    return draw(nodes, [street("A-B", road_class="primary"), street("B-C")])


def test_a_rush_hour_slows_its_roads_down_and_no_others(town: Town, tmp_path: Path) -> None:
    """Half the speed on the primary street: 200 s instead of 100, and 50 s beyond it as ever."""
    speeds = SpeedTable.load(_written(tmp_path, _RUSH))
    ends = [town.lonlat(0, 0)], town.lonlat(1500, 0)

    rush_hour = Router(town.network, at=_MONDAY_8_SHANGHAI, speeds=speeds)
    later = rush_hour.under(at=_MONDAY_8_SHANGHAI.replace(hour=1))  # 09:30

    assert rush_hour.travel_times_to(*ends) == pytest.approx([250.0], abs=0.01)
    assert later.travel_times_to(*ends) == pytest.approx([150.0], abs=0.01)
    assert rush_hour.travel_times_to(*ends) == pytest.approx([250.0], abs=0.01)


def test_without_a_table_the_hour_makes_no_difference(town: Town) -> None:
    """Nothing is claimed that is not known."""
    router = Router(town.network)
    ends = [town.lonlat(0, 0)], town.lonlat(1500, 0)

    assert router.under(at=_MONDAY_8_SHANGHAI).travel_times_to(*ends) == pytest.approx(
        router.travel_times_to(*ends)
    )


def test_hours_are_those_of_the_local_clock() -> None:
    """Monday 00:30 UTC is 08:30 in Shanghai, and Sunday 23:30 is Monday 07:30."""
    table = SpeedTable(time_zone="Asia/Shanghai")

    assert table.hour_of_week(_MONDAY_8_SHANGHAI) == 8
    assert table.hour_of_week(datetime(2026, 11, 15, 23, 30, tzinfo=UTC)) == 7
    assert SpeedTable().hour_of_week(datetime(2026, 11, 15, 23, 30, tzinfo=UTC)) == 167


def test_a_file_gives_factors_by_rule_and_by_hour(tmp_path: Path) -> None:
    """Friday 08:00 yes, Saturday 08:00 no; all hours of the other class."""
    factors = SpeedTable.load(_written(tmp_path, _RUSH)).factors

    primary = factors[ROAD_CLASSES.index("primary")]
    assert (primary[4 * 24 + 8], primary[5 * 24 + 8], primary[9]) == (0.5, 1.0, 1.0)
    assert (factors[ROAD_CLASSES.index("tertiary")] == 0.8).all()
    assert np.count_nonzero(primary == 0.5) == 5 * 2


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"time_zone": "Nowhere/Here"},
        {"time_zone": "UTC", "rules": [{"classes": ["alley"], "from_hour": 1, "until_hour": 2}]},
        {"time_zone": "UTC", "rules": [{**_RUSH["rules"][0], "factor": 0}]},  # type: ignore[index]
        {"time_zone": "UTC", "rules": [{**_RUSH["rules"][0], "until_hour": 7}]},  # type: ignore[index]
        {"time_zone": "UTC", "rules": [{**_RUSH["rules"][0], "days": [8]}]},  # type: ignore[index]
        {"time_zone": "UTC", "hourly": {"primary": [1.0, 2.0]}},
        {"time_zone": "UTC", "hourly": {"primary": ["fast"] * 168}},
    ],
)
def test_a_file_that_says_something_impossible_is_refused(tmp_path: Path, content: object) -> None:
    """In words, with the name of the file or of what is wrong."""
    with pytest.raises(SpeedTableError):
        SpeedTable.load(_written(tmp_path, content))


def test_a_file_that_is_not_there_or_not_json_is_refused(tmp_path: Path) -> None:
    """Both name the file."""
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")

    for name in ("missing.json", "broken.json"):
        with pytest.raises(SpeedTableError, match=name):
            SpeedTable.load(tmp_path / name)


@pytest.mark.parametrize("factors", [np.ones((16, 24)), np.full((16, 168), np.nan), "fast"])
def test_factors_of_another_shape_or_no_numbers_are_refused(factors: np.ndarray) -> None:
    """Sixteen classes, 168 hours, all of them numbers."""
    with pytest.raises(SpeedTableError):
        SpeedTable(factors)


def test_an_instant_without_a_time_zone_is_refused(town: Town) -> None:
    """Nobody knows which hour it is."""
    with pytest.raises(SpeedTableError, match="time zone"):
        Router(town.network, at=_MONDAY_8_SHANGHAI.replace(tzinfo=None))
    with pytest.raises(NetworkError):
        Router(town.network).under(profile="walking")


def test_many_hours_in_turn_leave_each_right(town: Town) -> None:
    """More metrics than are kept: the oldest go and come again."""
    factors = np.ones((16, 168))
    factors[ROAD_CLASSES.index("primary")] = np.linspace(0.5, 1.0, 168)
    router = Router(town.network, speeds=SpeedTable(factors))
    ends = [town.lonlat(0, 0)], town.lonlat(1000, 0)

    for hour in [*range(12), *range(12)]:
        at = datetime(2026, 11, 16, hour, tzinfo=UTC)
        expected_s = 100.0 / (0.5 + 0.5 * hour / 167)
        times_s = router.under(at=at).travel_times_to(*ends)
        assert times_s == pytest.approx([expected_s], abs=0.02)
