"""An emergency in the middle of a day: who goes, and what that breaks; on a grid of streets."""

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.appointments import Break
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.crew_states import state_at
from scripts.studies.visits.day_clock import DayClock
from scripts.studies.visits.day_study import study_visits
from scripts.studies.visits.emergency import Emergency
from scripts.studies.visits.emergency import parse_emergency
from scripts.studies.visits.planning import Effort
from scripts.studies.visits.visit_report import Setting
from scripts.studies.visits.visit_report import report_visits
from tests.cities import GridCity

CITY = GridCity()
QUICK = Effort(iterations=100)
CLOCK = DayClock(date(2026, 11, 30), ZoneInfo("UTC"))
HOUR_S = 3600


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> StudyRoads:
    """Return a grid of 12 × 12 blocks, 20 s each."""
    extract = CITY.write(tmp_path_factory.mktemp("grid") / "grid.osm")
    return StudyRoads(Router(RoadNetwork.from_osm(extract)))


def _visit(name: str, column: float, from_s: int, until_s: int, skills: str = "") -> Visit:
    window = (Window(from_s, until_s),)
    return Visit(name, CITY.at(column, 0), 1800, window, frozenset(skills.split()))


@pytest.fixture(scope="module")
def west_and_east() -> tuple[list[Visit], list[Crew]]:
    """Return a crew in the west, one in the east, and four visits along Row 0.

    West: "w1" at 0 s, "w2" at 3 600 to 3 900 s, "gas" at 7 200 to 7 500 s; east: "e1" at 0 s.
    """
    visits = [
        _visit("w1", 1, 0, 600),
        _visit("w2", 2, HOUR_S, HOUR_S + 300),
        _visit("gas", 3, 2 * HOUR_S, 2 * HOUR_S + 300, "gas"),
        _visit("e1", 11, 0, 600),
    ]
    west = Crew("west", CITY.at(0, 0), 0, 4 * HOUR_S, frozenset({"gas"}), CITY.at(0, 0))
    east = Crew("east", CITY.at(12, 0), 0, 4 * HOUR_S, frozenset(), CITY.at(12, 0))
    return visits, [west, east]


def test_the_first_to_be_there_goes_and_the_rest_is_planned_anew(
    roads: StudyRoads, west_and_east: tuple[list[Visit], list[Crew]]
) -> None:
    """Its next visit goes to the other crew; the one that needs its skill drops out."""
    visits, crews = west_and_east
    # At 2 400 s "west" has finished w1 and waits there; the emergency is beside it, for 2 hours.
    emergency = Emergency(CITY.at(1, 1), 2400, 2 * HOUR_S)

    found = study_visits(roads, visits, crews, effort=QUICK, emergency=emergency)

    broken = found.broken
    assert broken is not None
    assert [(tour.crew, len(tour.visits)) for tour in found.plan.tours] == [
        ("west", 3),
        ("east", 1),
    ]
    assert (broken.crew, broken.moved) == ("west", (("w2", "west", "east"),))
    assert [(one.name, one.reason) for one in broken.dropped] == [("gas", "no_time")]
    # Keeping its order it comes to w2 after 2 400 + drive + 7 200 s, more than 5 400 s late.
    late = {one.visit: one.late_s for one in broken.delays}
    assert late["w2"] == pytest.approx(broken.done_s - (HOUR_S + 300), abs=90)
    assert late["gas"] > 1800
    assert broken.arrivals[0].arrive_s == pytest.approx(2400 + 20, abs=25)


def test_who_lacks_the_skill_does_not_go_though_first(
    roads: StudyRoads, west_and_east: tuple[list[Visit], list[Crew]]
) -> None:
    """And where nobody has it, nothing breaks."""
    visits, crews = west_and_east
    near_east = CITY.at(12, 1)

    gas = study_visits(
        roads,
        visits,
        crews,
        effort=QUICK,
        emergency=Emergency(near_east, 2400, 600, frozenset({"gas"})),
    )
    heat = study_visits(
        roads,
        visits,
        crews,
        effort=QUICK,
        emergency=Emergency(near_east, 2400, 600, frozenset({"heat"})),
    )

    assert gas.broken is not None
    assert heat.broken is not None
    assert gas.broken.crew == "west"
    assert (heat.broken.crew, heat.broken.replan) == (None, None)


@pytest.mark.parametrize(
    ("at_s", "doing", "ready_s"),
    [
        (-60, "off_shift", 0),
        (1000, "working", None),  # until the visit ends
        (2400, "waiting", 2400),  # at the second visit: drives on at once, waits there
        (5 * HOUR_S, "over", 5 * HOUR_S),
    ],
)
def test_a_crew_is_somewhere_at_every_moment(
    roads: StudyRoads,
    west_and_east: tuple[list[Visit], list[Crew]],
    at_s: int,
    doing: str,
    ready_s: int | None,
) -> None:
    """Work that has begun is finished first."""
    visits, crews = west_and_east
    tour = study_visits(roads, visits, crews, effort=QUICK).plan.tours[0]

    state = state_at(tour, crews[0], at_s, roads)

    assert state.doing == doing
    assert state.ready_s == (tour.stops[0].end_s if ready_s is None else ready_s)


def test_a_drive_is_broken_off_where_it_has_got_to(roads: StudyRoads) -> None:
    """Six blocks of 20 s each: after 60 s half the way."""
    visit = Visit("v", CITY.at(8, 0), 600, (Window(0, HOUR_S),))
    crew = Crew("A", CITY.at(2, 0), 0, HOUR_S)
    tour = study_visits(roads, [visit], [crew], effort=QUICK).plan.tours[0]
    leave_s = tour.leave_s

    state = state_at(tour, crew, leave_s + 60, roads)

    assert state.doing == "driving"
    assert state.ready_at == pytest.approx(CITY.at(5, 0), abs=2e-4)
    assert state.goes_on.start == visit.lonlat
    assert state.goes_on.free_s == pytest.approx(leave_s + 120, abs=1)  # rounded up


def test_the_report_has_the_day_its_reasons_and_the_emergency(
    roads: StudyRoads, west_and_east: tuple[list[Visit], list[Crew]], tmp_path: Path
) -> None:
    """In both languages, with the tables as files, and no claim of an optimum."""
    visits, crews = west_and_east
    impossible = Visit("heat", CITY.at(4, 4), 60, (Window(0, 600),), frozenset({"heat"}))
    pause = Break(CITY.at(6, 6), 600, HOUR_S, 3 * HOUR_S)
    resting = Crew("rest", CITY.at(6, 6), 0, 4 * HOUR_S, frozenset(), None, pause)
    emergency = Emergency(CITY.at(1, 1), 2400, 2 * HOUR_S)
    found = study_visits(
        roads, [*visits, impossible], [*crews, resting], effort=QUICK, emergency=emergency
    )

    files = report_visits(found, roads, Setting(CLOCK, QUICK, "normal", "–")).write(tmp_path)

    page = files[0].read_text("utf-8")
    assert "nothing proves that there is no better one" in page
    assert "未证明最优" in page
    stops = pd.read_csv(tmp_path / "stops.csv")
    assert set(stops["visit"]) == {"w1", "w2", "gas", "e1", "–"}
    left_out = pd.read_csv(tmp_path / "left_out.csv")
    assert left_out[["name", "reason"]].to_numpy().tolist() == [["heat", "no_skill"]]
    changed = pd.read_csv(tmp_path / "emergency_visits.csv").set_index("visit")
    assert float(changed["kept_late_min"]["w2"]) > 60
    numbers = json.loads((tmp_path / "study.json").read_text())["numbers"]
    assert (numbers["planned"], numbers["impossible"], numbers["emergency_crew"]) == (4, 1, "west")
    assert {"day.png", "after_emergency.png", "study.gpkg"} <= {file.name for file in files}


def test_a_crew_off_every_road_is_an_error_that_names_it(roads: StudyRoads) -> None:
    """Without its place there is no plan for it."""
    crew = Crew("A", (8.5, 44.0), 0, HOUR_S, where="crews.csv, line 2")

    with pytest.raises(UsageError, match=r"crews\.csv, line 2: the start place of A is"):
        study_visits(roads, [], [crew])


@pytest.mark.parametrize(
    "text", ["7,43,10:30", "7,43,soon,90", "7,43,10:30,0", "7,143,10:30,5", "7,43,1:00,5,gas,x"]
)
def test_what_is_no_emergency_is_refused(text: str) -> None:
    """With what one looks like."""
    with pytest.raises(ScriptError) as refusal:
        parse_emergency(text, CLOCK)

    assert "LON,LAT,HH:MM,MINUTES" in refusal.value.mend


def test_an_emergency_is_read() -> None:
    """Minutes become seconds, skills a set."""
    read = parse_emergency("7.42,43.73,10:30,90,gas+water", CLOCK)

    expected = Emergency((7.42, 43.73), 37800, 5400, frozenset({"gas", "water"}))
    assert read == expected
