"""`nearcrew study learned` as it is typed."""

from pathlib import Path

import numpy as np
import pytest

from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from tests.cities import GridCity
from tests.scripts.command_line import Nearcrew

CITY = GridCity()
_HEAD = "from_lon,from_lat,to_lon,to_lat,departed_at,arrived_at"


def _trips(file: Path, count: int) -> str:
    """Write trips of six to nine blocks along a row at noon, each block of 20 s in 40 s."""
    rng = np.random.default_rng(4)
    rows = [_HEAD]
    for at in range(count):
        blocks = 6 + at % 4
        ends = (*CITY.at(1.5, 3), *CITY.at(1.5 + blocks, 3))
        took_s = 40.0 * blocks * rng.uniform(0.95, 1.05)
        day = 6 + at % 4
        arrived = f"12:{int(took_s // 60):02}:{took_s % 60:06.3f}"
        times = f"2026-07-{day:02}T12:00:00", f"2026-07-{day:02}T{arrived}"
        rows.append(",".join([*(str(one) for one in ends), *times]))
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(file)


def test_factors_are_written_for_the_service_and_not_put_in_force(
    nearcrew: Nearcrew, grid: str, tmp_path: Path
) -> None:
    """All was driven at half the speed: factors of about a half, in the zone that was given."""
    trips, out = _trips(tmp_path / "trips.csv", 80), tmp_path / "out"

    # fmt: off
    said = nearcrew(
        "study", "learned", "--trips", trips, "--pbf", grid, "--time-zone", "Europe/Lisbon",
        "--out", str(out),
    )
    # fmt: on

    assert said.code == 0, said.err
    assert "80 drives: the middle one took" in said.out
    assert "Nothing was changed." in said.out
    table = SpeedTable.load(out / "speeds.json")
    assert table.time_zone == "Europe/Lisbon"
    assert table.factors[ROAD_CLASSES.index("residential"), 12] == pytest.approx(0.5, abs=0.03)
    again = nearcrew(
        "study", "learned", "--trips", trips, "--pbf", grid, "--speeds", str(out / "speeds.json")
    )
    assert again.code == 0, again.err
    assert "took 0% " in again.out


def test_too_few_trips_are_told_and_change_nothing(
    nearcrew: Nearcrew, grid: str, tmp_path: Path
) -> None:
    """Four trips: every factor is 1."""
    trips, out = _trips(tmp_path / "trips.csv", 4), tmp_path / "out"

    said = nearcrew("study", "learned", "--trips", trips, "--pbf", grid, "--out", str(out))

    assert said.code == 0, said.err
    assert "Too few drives to learn from" in said.out
    assert (SpeedTable.load(out / "speeds.json").factors == 1.0).all()


def test_a_zone_that_is_not_that_of_the_factors_is_refused(
    nearcrew: Nearcrew, grid: str, tmp_path: Path
) -> None:
    """Hours would be counted twice over."""
    trips, speeds = _trips(tmp_path / "trips.csv", 4), tmp_path / "speeds.json"
    speeds.write_text('{"time_zone": "Asia/Shanghai"}')

    # fmt: off
    said = nearcrew(
        "study", "learned", "--trips", trips, "--pbf", grid, "--speeds", str(speeds),
        "--time-zone", "Europe/Lisbon",
    )
    # fmt: on

    assert said.code == 2
    assert "counts hours in Asia/Shanghai" in said.err
