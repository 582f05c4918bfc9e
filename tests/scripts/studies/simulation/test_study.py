"""The whole study, from files to a report, on a small city."""

import csv
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scripts.errors import UsageError
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.simulation.demand import asked
from scripts.studies.simulation.demand.crews_file import read_crews
from scripts.studies.simulation.demand.incident_log import IncidentLog
from scripts.studies.simulation.demand.incident_log import read_log
from scripts.studies.simulation.findings.replay_trace import FORMAT
from scripts.studies.simulation.findings.replay_trace import write_trace
from scripts.studies.simulation.findings.simulation_report import report_simulation
from scripts.studies.simulation.findings.simulation_report import summary
from scripts.studies.simulation.study import SimulationStudy
from scripts.studies.simulation.study import Wanted
from scripts.studies.simulation.study import study_simulation
from tests.scripts.command_line import Nearcrew
from tests.scripts.studies.simulation.small_city import CITY
from tests.scripts.studies.simulation.small_city import MONDAY
from tests.scripts.studies.simulation.small_city import open_roads
from tests.scripts.studies.simulation.small_city import write_files
from tests.scripts.studies.simulation.small_city import write_table

RULES = ("best_arrival", "nearest_line", "best_arrival+move_up", "batch", "grab")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the files of a small city."""
    made = tmp_path_factory.mktemp("simulation")
    write_files(made)
    return made


@pytest.fixture
def nearcrew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Nearcrew:
    """Give the command line of a machine without a database: files need none."""
    for name in [name for name in os.environ if name.startswith(("NEARCREW_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEARCREW_VAR", str(tmp_path / "var"))
    return Nearcrew(monkeypatch, capsys)


@pytest.fixture(scope="module")
def roads(folder: Path) -> StudyRoads:
    """Return its roads."""
    return open_roads(folder)


@pytest.fixture(scope="module")
def study(folder: Path, roads: StudyRoads) -> SimulationStudy:
    """Compare all rules on three drawn days."""
    log = read_log(folder / "incidents.csv").with_limits({("", None): 480.0, ("", 1): 300.0})
    posts, plans = read_crews(folder / "crews.csv")
    wanted = Wanted(
        rules=RULES, days=1.0, replications=3, warm_up_h=6.0, within_s=100.0, begin=MONDAY
    )
    return study_simulation(roads, posts, plans, log, wanted)


def test_all_rules_meet_the_same_incidents(study: SimulationStudy) -> None:
    """And whoever needs gas gets a crew that has it."""
    first, *others = (study.comparison.outcomes[name] for name in RULES)
    for runs in others:
        for one, other in zip(first, runs, strict=True):
            assert one.calls is other.calls
    (gas,) = [row for row, name in enumerate(study.drawing.log.kinds) if name == "gas_leak"]
    for runs in study.comparison.outcomes.values():
        for outcome in runs:
            went = outcome.crew[(outcome.calls.kind == gas) & outcome.served]
            assert set(went.tolist()) <= {0, 1}


def test_shifts_are_by_the_clock_of_the_study(study: SimulationStudy) -> None:
    """From midnight on for 30 hours: the day crew from hour 6 to 18, the night crew around it."""
    _, day, night = study.comparison.crews

    assert day.shifts_s == ((21_600.0, 64_800.0),)
    assert night.shifts_s == ((-21_600.0, 21_600.0), (64_800.0, 108_000.0))
    assert day.breaks_s == ((43_200.0, 45_000.0),)


def test_the_report_tells_rules_pledges_and_fits(study: SimulationStudy, tmp_path: Path) -> None:
    """In both languages, and with the numbers for other programs."""
    report = report_simulation(study, seconds=1.0)

    report.write(tmp_path)

    assert all(each.en and each.zh and each.en != each.zh for each in report.summary)
    with (tmp_path / "rules.csv").open(encoding="utf-8-sig") as opened:
        rules = list(csv.DictReader(opened))
    assert [row["rule"] for row in rules] == list(RULES)
    with (tmp_path / "lost_pledges.csv").open(encoding="utf-8-sig") as opened:
        pledges = list(csv.DictReader(opened))
    limits = {(row["priority"], row["limit_min"]) for row in pledges}
    assert limits == {("1", "5.0"), ("2", "8.0"), ("3", "8.0"), ("4", "8.0")}
    counted = sum(int(row["incidents"]) for row in pledges if row["rule"] == "grab")
    assert counted == sum(
        int(each.counted(6 * 3_600.0).sum()) for each in study.comparison.outcomes["grab"]
    )
    numbers = json.loads((tmp_path / "study.json").read_text("utf-8"))["numbers"]
    assert numbers["grab.mean_response_s"] > numbers["best_arrival.mean_response_s"]
    assert "仿真" in (tmp_path / "report.html").read_text("utf-8")


def test_the_trace_is_what_the_run_was(
    study: SimulationStudy, roads: StudyRoads, tmp_path: Path
) -> None:
    """Every arrival of the window is an event at its second, with the crew at the place by then."""
    write_trace(study, roads.router, tmp_path / "trace.json", from_h=12.0, hours=10.0)

    told = json.loads((tmp_path / "trace.json").read_text("utf-8"))
    assert (told["format"], told["simulated"], told["rule"]) == (FORMAT, True, "best_arrival")
    replay = told["replay"]
    outcome = study.comparison.outcomes["best_arrival"][0]
    begin_s, end_s = 12 * 3_600.0, 22 * 3_600.0
    there = (outcome.arrived_s > begin_s) & (outcome.arrived_s <= end_s)
    arrived = [each for each in replay["events"] if each["kind"] == "assignment.arrived"]
    assert len(arrived) == there.sum() > 3
    crews = {each["id"]: each for each in replay["crews"]}
    for event in arrived:
        call = event["incident_id"] - 1
        at_s = float(outcome.arrived_s[call]) - begin_s
        (track,) = crews[event["crew_id"]]["track"]["segments"]
        points = np.array(track)
        lonlat = [np.interp(at_s, points[:, 2], points[:, axis]) for axis in (0, 1)]
        place = study.table.lonlat[outcome.calls.place[call]]
        assert lonlat == pytest.approx(place.tolist(), abs=2e-5)
        assert event["crew_id"] == outcome.crew[call] + 1
    for crew in replay["crews"]:
        instants = [point[2] for point in crew["track"]["segments"][0]]
        assert instants == sorted(instants)
        assert (instants[0], instants[-1]) == (0.0, end_s - begin_s)
    closed = [each for each in replay["incidents"] if each["frames"][-1]["state"] == "closed"]
    assert closed
    assert all(each["closed_at"] for each in closed)


def test_drives_of_the_log_stand_beside_the_simulated_ones(
    study: SimulationStudy, folder: Path, roads: StudyRoads
) -> None:
    """If the log knows them: whether travel times fit is the first thing to look at."""
    log = read_log(folder / "incidents.csv")
    log.travel_s[:100] = np.arange(1.0, 101.0)
    posts, plans = read_crews(folder / "crews.csv")

    found = study_simulation(
        roads, posts, plans, log, Wanted(as_logged=True, replications=1, rules=("best_arrival",))
    )

    said = [each.en for each in report_simulation(found, seconds=1.0).summary]
    assert any("Drives of the log: median 50 s, 90 % within 90 s" in each for each in said)
    assert not any("Drives of the log" in each.en for each in summary(study, 1.0))


def test_as_logged_the_incidents_happen_when_they_did(folder: Path, roads: StudyRoads) -> None:
    """What was known stays; only an unknown work time is drawn."""
    log = read_log(folder / "incidents.csv")
    log.work_s[3] = np.nan
    posts, plans = read_crews(folder / "crews.csv")

    found = study_simulation(
        roads, posts, plans, log, Wanted(as_logged=True, replications=2, rules=("best_arrival",))
    )

    one, other = found.comparison.outcomes["best_arrival"]
    first = (log.at[0] - MONDAY.replace(hour=log.at[0].hour)).total_seconds()
    assert one.calls.reported_s[0] == pytest.approx(first)
    assert np.flatnonzero(one.calls.work_s != other.calls.work_s).tolist() == [3]
    assert found.arrivals is None


def test_one_incident_does_not_tell_a_rate(folder: Path, roads: StudyRoads) -> None:
    """Drawn from it, there would be one an hour, all week; as logged it is one."""
    log = read_log(folder / "incidents.csv").only(np.array([0]))
    posts, plans = read_crews(folder / "crews.csv")
    wanted = Wanted(replications=1, turnout_s=60.0, work_s=600.0)

    with pytest.raises(UsageError, match="how often"):
        study_simulation(roads, posts, plans, log, wanted)
    found = study_simulation(roads, posts, plans, log, replace(wanted, as_logged=True))

    assert len(next(iter(found.comparison.outcomes.values()))[0].calls) == 1


def test_bad_rows_are_left_out_and_named(tmp_path: Path) -> None:
    """A priority that is none, a duration that is none."""
    head = ["lon", "lat", "reported_at", "priority", "work_s"]
    rows: list[list[object]] = [
        [7.4, 43.7, "2026-03-02T08:00Z", 1, 60],
        [7.4, 43.7, "2026-03-02T09:00Z", "urgent", 60],
        [7.4, 43.7, "2026-03-02T10:00Z", 2, -5],
        [7.4, 43.7, "2026-03-02T07:00Z", "", ""],
    ]
    write_table(tmp_path / "log.csv", head, rows)

    log = read_log(tmp_path / "log.csv")

    assert [each.hour for each in log.at] == [7, 8]
    assert log.priority.tolist() == [2, 1]
    assert np.isnan(log.work_s[0])
    told = [(each.where.rpartition(" ")[2], each.reason) for each in log.points.left_out]
    assert told == [("3", "not_a_priority"), ("4", "not_a_number")]


def test_the_most_exact_limit_counts(folder: Path, tmp_path: Path) -> None:
    """Of kind and priority, then of the kind, then of the priority, then of all."""
    file = tmp_path / "limits.csv"
    rows: list[list[object]] = [
        ["", "", 60],
        ["", 1, 30],
        ["gas_leak", "", 20],
        ["gas_leak", 1, 10],
    ]
    write_table(file, ["kind", "priority", "minutes"], rows)

    log: IncidentLog = asked.with_limits(read_log(folder / "incidents.csv"), None, file)

    found = {
        (log.kinds[kind], priority): limit_s / 60.0
        for kind, priority, limit_s in zip(
            log.kind.tolist(), log.priority.tolist(), log.limit_s.tolist(), strict=True
        )
    }
    assert found["gas_leak", 1] == 10.0
    assert found["gas_leak", 2] == 20.0
    assert found["no_heat", 1] == 30.0
    assert found["no_heat", 3] == 60.0


def test_a_log_without_durations_has_to_be_told_them(folder: Path, roads: StudyRoads) -> None:
    """Nothing is made up."""
    log = read_log(folder / "incidents.csv")
    log.work_s[:] = np.nan
    posts, plans = read_crews(folder / "crews.csv")

    with pytest.raises(UsageError, match="how long the work took"):
        study_simulation(roads, posts, plans, log, Wanted(replications=1))


def test_the_command_says_what_it_found(folder: Path, nearcrew: Nearcrew, tmp_path: Path) -> None:
    """And writes report and trace; closures that begin on the way are driven around."""
    closures = tmp_path / "closures.json"
    line = {"type": "LineString", "coordinates": [CITY.at(6, 2), CITY.at(6, 10)]}
    closures.write_text(
        json.dumps(
            {
                "type": "Feature",
                "geometry": line,
                "properties": {"from_at": "2026-03-02T06:00"},
            }
        )
    )
    out, trace = tmp_path / "out", tmp_path / "trace.json"
    words = ["study", "simulate", "--incidents", str(folder / "incidents.csv")]
    words += ["--crews", str(folder / "crews.csv"), "--pbf", str(folder / "grid.osm")]
    words += ["--days", "0.5", "--replications", "2", "--warm-up-hours", "2", "--limit", "8"]
    words += ["--closures", str(closures), "--out", str(out), "--trace", str(trace)]

    answer = nearcrew(*words, "--trace-from", "3")

    assert answer.code == 0, answer.err
    assert "Soonest there by road: on scene after" in answer.out
    assert "by straight line" in answer.out
    assert json.loads(trace.read_text("utf-8"))["simulated"] is True
    assumptions = json.loads((out / "study.json").read_text("utf-8"))["assumptions"]
    assert assumptions["Closures"].startswith("1, in 2")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rule", "luck"], "There is no rule named luck"),
        (["--time-zone", "Moon"], "There is no time zone 'Moon'"),
        (["--limit", "8", "--limits", "x.csv"], "--limit or --limits"),
        (["--posts", "x.csv"], "--crews or --posts"),
        (["--begin", "soon"], "'soon' is no instant"),
    ],
)
def test_wrong_words_are_refused_with_what_to_type(
    words: list[str], said: str, folder: Path, nearcrew: Nearcrew
) -> None:
    """Code 2, and no traceback."""
    files = ["--incidents", str(folder / "incidents.csv"), "--crews", str(folder / "crews.csv")]
    pbf = ["--pbf", str(folder / "grid.osm")]

    answer = nearcrew("study", "simulate", *files, *pbf, *words)

    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
