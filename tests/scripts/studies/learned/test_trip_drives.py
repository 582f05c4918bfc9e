"""Trips of a table: what each should have taken, and what their times teach."""

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from routing.router import Router
from scripts.errors import UsageError
from scripts.studies.learned.factor_fit import band_of_hour
from scripts.studies.learned.learned_report import report_learned
from scripts.studies.learned.learned_study import study_learned
from scripts.studies.learned.trip_drives import drives_of_trips
from scripts.studies.learned.trip_files import read_trips
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import lonlat
from tests.routing.drawing import street

_ZONE = ZoneInfo("Europe/Lisbon")
_HEAD = "name,from_lon,from_lat,to_lon,to_lat,departed_at,arrived_at"
_PRIMARY, _RESIDENTIAL = ROAD_CLASSES.index("primary"), ROAD_CLASSES.index("residential")


@pytest.fixture
def avenue() -> Town:
    """Return an avenue of 4 km and a lane of 1 km at its end, all at 10 m/s."""
    #   A ----------- 4000 ----------- B --1000-- C
    return draw(
        {"A": (0, 0), "B": (4000, 0), "C": (5000, 0)},
        [street("A-B", road_class="primary"), street("B-C")],
    )


def _opening(town: Town) -> Callable[[SpeedTable], Router]:
    return lambda speeds: Router(town.network, speeds=speeds)


def _free_flow() -> SpeedTable:
    return SpeedTable(time_zone="Europe/Lisbon")


def _row(name: str, origin_m: float, target_m: float, departed: str, arrived: str) -> str:
    ends = (*lonlat((origin_m, 0)), *lonlat((target_m, 0)))
    return ",".join([name, *(str(one) for one in ends), departed, arrived])


def _written(folder: Path, *rows: str) -> Path:
    file = folder / "trips.csv"
    file.write_text("\n".join([_HEAD, *rows]) + "\n", encoding="utf-8")
    return file


def test_a_trip_is_what_its_route_takes_by_class(avenue: Town, tmp_path: Path) -> None:
    """3000 m of avenue at half the speed, 500 m of lane: 600 + 50 s; free flow is 300 + 50 s."""
    factors = np.ones((len(ROAD_CLASSES), 168))
    factors[_PRIMARY, 8] = 0.5
    # In July, Lisbon is an hour ahead of UTC: 07:30 there is Monday, 8:30.
    row = _row("a", 1000, 4500, "2026-07-06T07:30:00+00:00", "2026-07-06T07:42:00+00:00")
    trips = read_trips(_written(tmp_path, row), _ZONE)

    drives = drives_of_trips(trips, SpeedTable(factors, "Europe/Lisbon"), _opening(avenue))

    assert drives.predicted_s == pytest.approx([650.0], abs=0.1)
    assert drives.actual_s.tolist() == [720.0]
    assert drives.hours_of_week().tolist() == [8]
    assert drives.main_class().tolist() == [_PRIMARY]
    assert drives.parts.free_s[0, [_PRIMARY, _RESIDENTIAL]] == pytest.approx([300, 50], abs=0.1)
    assert drives.parts.fixed_s == pytest.approx([0.0], abs=0.1)


def test_rows_that_do_not_count_are_named_with_their_reason(avenue: Town, tmp_path: Path) -> None:
    """Nothing is dropped in silence."""
    begin, end = "2026-07-06 08:00", "2026-07-06 08:10"
    file = _written(
        tmp_path,
        _row("good", 0, 4500, begin, end),
        _row("back in time", 0, 4500, end, begin),
        _row("overnight", 0, 4500, begin, "2026-07-06 20:00"),
        _row("when", 0, 4500, "at eight", end),
        f"where,x,43.7,7.4,43.7,{begin},{end}",
        f"space,7.4,143.7,7.4,43.7,{begin},{end}",
        f"sea,9.0,43.7,7.42,43.73,{begin},{end}",
        _row("next door", 100, 200, begin, end),
    )

    trips = read_trips(file, _ZONE)
    drives = drives_of_trips(trips, _free_flow(), _opening(avenue))

    assert list(drives.names) == ["good"]
    assert {one.name: one.reason for one in drives.left_out} == {
        "back in time": "arrived_before_departing",
        "overnight": "longer_than_6_hours",
        "when": "not_a_time",
        "where": "not_a_number",
        "space": "not_a_place",
        "sea": "off_network",
        "next door": "shorter_than_30_s",
    }
    assert next(one.where for one in drives.left_out if one.name == "when").endswith("line 5")


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    """Which one, and what is needed."""
    file = tmp_path / "trips.csv"
    file.write_text("from_lon,from_lat\n7.4,43.7\n", encoding="utf-8")

    with pytest.raises(UsageError, match="no column to_lon"):
        read_trips(file, _ZONE)


def test_the_factor_of_the_avenue_is_learned_and_reported(avenue: Town, tmp_path: Path) -> None:
    """Trips of ten weekdays at 8, all at 0.6 of the speed on the avenue, 1 in the lane, ± 10 %."""
    rng = np.random.default_rng(11)
    rows = []
    for at in range(100):
        origin_m, target_m = rng.uniform(0, 3000), rng.uniform(4000, 5000)
        took_s = (4000 - origin_m) / 6.0 + (target_m - 4000) / 10.0
        day = 6 + at % 5 + 7 * (at % 10 // 5)
        arrived = 8 * 3600 + took_s * rng.lognormal(0.0, 0.1)
        clock = f"{int(arrived // 3600):02}:{int(arrived % 3600 // 60):02}:{arrived % 60:06.3f}"
        begin, end = f"2026-07-{day:02}T08:00:00", f"2026-07-{day:02}T{clock}"
        rows.append(_row(str(at), origin_m, target_m, begin, end))
    trips = read_trips(_written(tmp_path, *rows), _ZONE)
    drives = drives_of_trips(trips, _free_flow(), _opening(avenue))

    study = study_learned(drives, SpeedTable())

    monday_at_8 = next(at for at, one in enumerate(study.by_hour) if one.drives == 100)
    assert study.fitted.factor[_PRIMARY, monday_at_8] == pytest.approx(0.6, abs=0.04)
    low, high = (one[_PRIMARY, monday_at_8] for one in (study.fitted.low, study.fitted.high))
    assert low < 0.6 < high
    # 1 / 0.6 - 1 = 67 % longer on the avenue, less with the lane.
    assert 0.45 < study.overall.bias < 0.67
    assert study.others is not None
    assert study.others.days == 10
    assert study.others.median_error(study.others.learned_s) < 0.1
    files = {file.name for file in report_learned(study).write(tmp_path / "out")}
    assert {"report.html", "factors.csv", "by_hour.csv", "calibration.png"} <= files
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "NEARCREW_SPEEDS" in page
    assert "速度系数" in page


def test_a_jam_that_drivers_avoid_is_not_held_to_be_shorter_than_it_is(tmp_path: Path) -> None:
    """At free flow the avenue is the way from A to C; at 0.4 of the speed it is the lanes."""
    #   A ------- 3000 primary ------- B --500-- C        10 m/s; over D 2 x 2000 m of residential
    #    \-------------- D -------------------/           roads, which are driven as posted
    town = draw(
        {"A": (0, 0), "B": (3000, 0), "C": (3500, 0), "D": (1750, -968)},
        [street("A-B", road_class="primary"), street("B-C"), street("A-D"), street("D-C")],
    )
    factors = np.ones((len(ROAD_CLASSES), 168))
    factors[_PRIMARY, 8] = 0.4
    true = Router(town.network, speeds=SpeedTable(factors, "Europe/Lisbon"))
    rng = np.random.default_rng(2)
    rows = []
    for at in range(120):
        # One in three goes to the avenue's end, and has to take it.
        origin, target = (0.0, 3500.0) if at % 3 else (1200.0, 3000.0)
        begin = datetime(2026, 7, 6 + 7 * (at % 3), 8, tzinfo=_ZONE)
        ends = [lonlat((x_m, 0)) for x_m in (origin, target)]
        took_s = true.under(at=begin).travel_times_to(*([end] for end in ends))[0]
        end = begin + timedelta(seconds=float(took_s * rng.lognormal(0.0, 0.1)))
        rows.append(_row(str(at), origin, target, begin.isoformat(), end.isoformat()))
    trips = read_trips(_written(tmp_path, *rows), _ZONE)

    fitted = study_learned(
        drives_of_trips(trips, _free_flow(), _opening(town)), SpeedTable()
    ).fitted

    morning = int(band_of_hour(np.array([8]))[0])
    low, high = fitted.low[_PRIMARY, morning], fitted.high[_PRIMARY, morning]
    assert low < 0.4 < high
    assert fitted.factor[_PRIMARY, morning] == pytest.approx(0.4, abs=0.03)
    assert fitted.factor[_RESIDENTIAL, morning] == pytest.approx(1.0, abs=0.06)
