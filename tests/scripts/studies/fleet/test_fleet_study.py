"""Fleets of a small city: more crews on the same days, and the command as it is typed."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scripts.errors import UsageError
from scripts.studies.fleet.fleet_sentences import sentences
from scripts.studies.fleet.fleet_study import RULES
from scripts.studies.fleet.fleet_study import FleetStudy
from scripts.studies.fleet.fleet_study import FleetWanted
from scripts.studies.fleet.fleet_study import study_fleet
from scripts.studies.inputs.points import Points
from scripts.studies.simulation.demand.incident_log import read_log
from tests.scripts.command_line import Nearcrew
from tests.scripts.studies.simulation.small_city import CITY
from tests.scripts.studies.simulation.small_city import MONDAY
from tests.scripts.studies.simulation.small_city import open_roads
from tests.scripts.studies.simulation.small_city import write_files
from tests.scripts.studies.simulation.small_city import write_table

PLACES = [CITY.at(2, 2), CITY.at(10, 2), CITY.at(6, 6), CITY.at(2, 10), CITY.at(10, 10)]
WANTED = FleetWanted(
    within_s=240.0, least=1, most=4, crews=3, days=1.0, replications=2, warm_up_h=6.0, begin=MONDAY
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the files of the city, and five posts."""
    made = tmp_path_factory.mktemp("fleet")
    write_files(made)
    rows: list[list[object]] = [[f"P{at}", *place] for at, place in enumerate(PLACES)]
    write_table(made / "posts.csv", ["name", "lon", "lat"], rows)
    return made


@pytest.fixture(scope="module")
def study(folder: Path) -> FleetStudy:
    """Study one to four crews."""
    log = read_log(folder / "incidents.csv")
    return study_fleet(open_roads(folder), Points.at_places(PLACES), log, WANTED)


def test_more_crews_reach_more_on_the_same_days(study: FleetStudy) -> None:
    """One to four crews: shares rise, workloads fall in proportion, for the work is the same."""
    shares = [size.in_time.mean for size in study.sizes]
    loads = [size.workload.mean * size.crews for size in study.sizes]

    assert [size.crews for size in study.sizes] == [1, 2, 3, 4]
    assert shares[0] < shares[1] <= shares[3]
    # Fewer crews drive farther, so a little more work is left to them.
    assert loads[1] == pytest.approx(loads[3], rel=0.25)
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_hours_hold_what_the_whole_holds(study: FleetStudy) -> None:
    """Each hour's share is one; those of hours without incidents are not a number."""
    by_hour = study.sizes[1].in_time_by_hour

    assert by_hour.shape == (24,)
    known = by_hour[np.isfinite(by_hour)]
    assert known.min() <= study.sizes[1].in_time.mean <= known.max()


def test_all_move_up_rules_meet_the_same_days(study: FleetStudy) -> None:
    """Paired runs: the difference of a rule from itself is nothing, and moves are counted."""
    outcomes = study.comparison.outcomes

    assert set(outcomes) == set(RULES)
    for runs in zip(*outcomes.values(), strict=True):
        assert len({id(run.calls) for run in runs}) == 1
    assert study.difference("stay", "stay").mean == 0.0
    assert study.comparison.mean("stay", "moves").mean == 0.0
    assert study.comparison.mean("compliance", "moves").mean > 0.0
    assert [row.free for row in study.table] == [3, 2, 1]


def test_the_same_seed_gives_the_same_answer(folder: Path, study: FleetStudy) -> None:
    """Everything that chance decides comes from it."""
    log = read_log(folder / "incidents.csv")

    again = study_fleet(open_roads(folder), Points.at_places(PLACES), log, WANTED)

    assert [size.in_time for size in again.sizes] == [size.in_time for size in study.sizes]
    assert [size.posts for size in again.sizes] == [size.posts for size in study.sizes]


def test_fleets_that_cannot_do_the_work_are_refused(folder: Path) -> None:
    """An hour of work for each of twenty incidents an hour: more than twenty crews."""
    log = read_log(folder / "incidents.csv")
    wanted = FleetWanted(within_s=240.0, least=1, most=2, work_s=100_000.0)

    with pytest.raises(UsageError, match="busy on average"):
        study_fleet(open_roads(folder), Points.at_places(PLACES), log, wanted)


def test_the_command_tells_and_writes(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Sentences, study.json, tables, pictures, and a page in both languages."""
    for name in [name for name in os.environ if name.startswith(("NEARCREW_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEARCREW_VAR", str(tmp_path / "var"))
    out = tmp_path / "out"

    said = Nearcrew(monkeypatch, capsys)(
        *("study", "fleet", "--pbf", str(folder / "grid.osm")),
        *("--posts", str(folder / "posts.csv"), "--incidents", str(folder / "incidents.csv")),
        *("--minutes", "4", "--least", "1", "--most", "3", "--crews", "2", "--days", "1"),
        *("--replications", "2", "--nested", "--out", str(out)),
    )

    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].startswith("The curve ")
    assert sum("against staying at the posts" in line for line in lines) == 3
    numbers = json.loads((out / "study.json").read_text())["numbers"]
    assert numbers["crews_of_table"] == 2
    assert {"compliance.csv", "fleet_sizes.csv", "hours.csv", "in_time_by_crews.png"} <= {
        file.name for file in out.iterdir()
    }
    assert "拐点" in (out / "report.html").read_text(encoding="utf-8")


def test_beyond_the_largest_fleet_nothing_is_known(study: FleetStudy) -> None:
    """While the last crew tried gains enough, no number is named from which on none does."""
    told = [
        [text.en for text in sentences(replace(study, enough=enough))]
        for enough in (1, len(study.sizes) - 1)
    ]

    assert any(text.startswith("From 2 crews on, a further crew gains less") for text in told[0])
    assert any(text.startswith("Up to 4 crews") and "try more" in text for text in told[1])
    assert not any(text.startswith("From") for text in told[1])


def test_one_incident_does_not_tell_a_rate(folder: Path) -> None:
    """It would stand for one an hour, all week."""
    log = read_log(folder / "incidents.csv").only(np.array([0]))

    with pytest.raises(UsageError, match="how often"):
        study_fleet(open_roads(folder), Points.at_places(PLACES), log, WANTED)
