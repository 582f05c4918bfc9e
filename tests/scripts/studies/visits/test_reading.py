"""Files of visits and crews: what each column means, and the error for each mistake."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import pytest
import shapely

from scripts.errors import UsageError
from scripts.studies.visits.appointments import Break
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.day_clock import DayClock
from scripts.studies.visits.reading import read_crews
from scripts.studies.visits.reading import read_visits

CLOCK = DayClock(date(2026, 11, 30), ZoneInfo("Europe/Monaco"))
HOUR_S = 3600
_CREWS = (
    "name,lon,lat,from,until,skills,break_min,break_from,break_until,end,free_at,free_lon,free_lat"
)


def _file(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_visit_has_its_windows_skills_and_priority(tmp_path: Path) -> None:
    """And what is done already is listed, not planned."""
    rows = [
        "name,lon,lat,duration_min,windows,from,until,skills,priority,crew,done",
        "a,7.42,43.73,30,08:00-10:00; 13:00-15:00,,,Gas; water,1,B,",
        "b,7.43,43.74,45,,09:00,2026-11-30T11:00+01:00,,,,",
        "c,7.43,43.74,45,,09:00,11:00,,,,yes",
    ]

    visits, left_out = read_visits(_file(tmp_path, "\n".join(rows)), CLOCK)

    first, second = visits
    assert (first.lonlat, first.duration_s, first.priority, first.crew) == (
        (7.42, 43.73),
        1800,
        1,
        "B",
    )
    assert first.windows == (Window(8 * HOUR_S, 10 * HOUR_S), Window(13 * HOUR_S, 15 * HOUR_S))
    assert first.skills == {"gas", "water"}
    assert (second.windows, second.priority) == ((Window(9 * HOUR_S, 11 * HOUR_S),), 3)
    assert [(one.name, one.reason) for one in left_out] == [("c", "done_already")]


def test_work_within_a_window_begins_early_enough_or_is_too_long_for_it(tmp_path: Path) -> None:
    """A window of two hours holds 90 minutes if begun in its first 30."""
    rows = "name,lon,lat,duration_min,from,until\na,7,43,90,08:00,10:00\nb,7,43,121,08:00,10:00"

    visits, left_out = read_visits(_file(tmp_path, rows), CLOCK, work_within=True)

    assert [one.windows for one in visits] == [(Window(8 * HOUR_S, 8 * HOUR_S + 1800),)]
    assert [(one.name, one.reason) for one in left_out] == [("b", "window_too_short")]


def test_a_crew_begins_where_it_is_free_and_rests_at_its_place(tmp_path: Path) -> None:
    """Its end place is where its shift began, unless it is open."""
    rows = [
        _CREWS,
        "A,7.40,43.70,08:00,17:00,gas,30,11:30,13:00,,10:15,7.45,43.75",
        "B,7.40,43.70,22:00,30:00,,,,,open,,,",
        "C,7.40,43.70,08:00,12:00,,,,,,12:30,,",
    ]

    crews, left_out = read_crews(_file(tmp_path, "\n".join(rows)), CLOCK)

    first, second = crews
    assert (first.start, first.free_s, first.end) == ((7.45, 43.75), 36900, (7.40, 43.70))
    assert first.pause == Break((7.40, 43.70), 1800, 41400, 46800)
    assert (second.until_s, second.end, second.pause) == (30 * HOUR_S, None, None)
    assert [(one.name, one.reason) for one in left_out] == [("C", "shift_over")]


def test_a_geopackage_in_another_crs_is_read(tmp_path: Path) -> None:
    """Its features are WGS 84 then."""
    frame = geopandas.GeoDataFrame(
        {"name": ["a"], "duration_min": [20.0]}, geometry=[shapely.Point(7.42, 43.73)], crs=4326
    )
    frame.to_crs(32632).to_file(tmp_path / "visits.gpkg")

    visits, _ = read_visits(tmp_path / "visits.gpkg", CLOCK)

    assert visits[0].lonlat == pytest.approx((7.42, 43.73), abs=1e-7)
    assert visits[0].windows == (Window(0, 24 * HOUR_S),)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a,7,43,,08:00,10:00,,", "line 2: duration_min is ''"),
        ("a,7,43,-5,08:00,10:00,,", "line 2: duration_min is '-5'"),
        ("a,7,43,nan,08:00,10:00,,", "line 2: duration_min is 'nan'"),
        ("a,7,43,30,8 am,10:00,,", "line 2: '8 am', '10:00' are not two times"),
        ("a,7,43,30,10:00,08:00,,", "line 2: the window ends before it begins"),
        ("a,7,43,30,08:00,10:00,,0", "line 2: priority is '0'"),
        ("a,43,123,30,08:00,10:00,,", "line 2: 43, 123 is nowhere on earth"),
        ("a,,,30,08:00,10:00,,", "line 2: there is no position"),
        ("a,7,43,30,,,08:00,", "line 2: windows is '08:00'"),
        ("a,7,43,30,,,,\na,7,43,30,,,,", "line 3: there is another row named a"),
    ],
)
def test_a_wrong_row_is_named_with_what_belongs_there(
    tmp_path: Path, row: str, problem: str
) -> None:
    """File, row, column; nothing is dropped in silence."""
    file = _file(tmp_path, f"name,lon,lat,duration_min,from,until,windows,priority\n{row}")

    with pytest.raises(UsageError) as refusal:
        read_visits(file, CLOCK)

    assert problem in refusal.value.message
    assert str(file) in refusal.value.message
    assert refusal.value.mend


def test_the_clock_knows_the_night_the_hour_goes_back() -> None:
    """On 25 October 2026 two in the morning comes twice; ten o'clock is eleven hours later."""
    clock = DayClock(date(2026, 10, 25), ZoneInfo("Europe/Monaco"))

    assert clock.seconds("10:00") == 11 * HOUR_S
    assert clock.text(clock.seconds("10:00")) == "10:00"
    assert clock.text(clock.seconds("26:30")) == "02:30 +1"


def test_the_samples_of_the_documents_are_read() -> None:
    """Those that docs/planning-visits.md plans."""
    samples = Path(__file__).resolve().parents[4] / "docs" / "samples"

    visits, left_out = read_visits(samples / "monaco_visits.csv", CLOCK)
    crews, over = read_crews(samples / "monaco_crews.csv", CLOCK)

    assert (len(visits), [one.reason for one in left_out]) == (37, ["done_already"])
    assert ([crew.name for crew in crews], over) == (["Anna", "Ben", "Chiara", "Driss"], [])
