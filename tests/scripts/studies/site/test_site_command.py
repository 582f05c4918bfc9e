"""`nearcrew study site` as it is typed, on a grid whose travel times are known."""

import json
from pathlib import Path

import pyogrio
import pytest

from tests.cities import GridCity
from tests.scripts.command_line import Answer
from tests.scripts.command_line import Nearcrew

CITY = GridCity()


class _Study:
    """The command on the grid, with places along row 6: a block is 200 m and takes 20 s."""

    def __init__(self, nearcrew: Nearcrew, folder: Path) -> None:
        self._nearcrew, self.folder = nearcrew, folder
        self._grid = CITY.write(folder / "grid.osm")
        self.write("demand.csv", {"west": (1.5, 30), "middle": (4.5, 20), "east": (9.5, 50)})
        self.write("candidates.csv", {"A": (1.5, 1), "B": (3.5, 1), "C": (9.5, 1)})
        self.write("existing.csv", {"old": (6.5, 1)})

    def write(self, name: str, places: dict[str, tuple[float, int]]) -> Path:
        """Write a table of places along row 6, with weights."""
        lines = ["name,lon,lat,weight"]
        for called, (column, weight) in places.items():
            lon, lat = CITY.at(column, 6)
            lines.append(f"{called},{lon},{lat},{weight}")
        file = self.folder / name
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def __call__(self, *words: str) -> Answer:
        """Run the study with some more words."""
        files = {"--candidates": "candidates.csv", "--demand": "demand.csv"}
        common = [word for key, name in files.items() for word in (key, str(self.folder / name))]
        return self._nearcrew("study", "site", *common, "--pbf", str(self._grid), *words)


@pytest.fixture
def study(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> _Study:
    """Return the command with a state folder of its own."""
    monkeypatch.setenv("NEARCREW_VAR", str(tmp_path / "var"))
    return _Study(Nearcrew(monkeypatch, capsys), tmp_path)


def test_most_cover_with_one_more_site_is_told_and_written(study: _Study) -> None:
    """The old site, 6.5, reaches the middle in 40 s; C adds 50 in the east, A only 30."""
    out = study.folder / "out"

    said = study(
        *("--existing", str(study.folder / "existing.csv")),
        *("--minutes", "0.75", "--count", "2", "--out", str(out)),
    )

    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0] == "2 sites reach 70.00 % of demand within 0.75 min."
    assert lines[1] == "Proven: no other choice of these candidates is better."
    assert lines[3] == "Sites: old, C."
    numbers = json.loads((out / "study.json").read_text())["numbers"]
    assert (numbers["objective"], numbers["bound"], numbers["gap"]) == (70.0, 70.0, 0.0)
    # One site more, A or B, has the west too: 30 at 0 s from A, and the middle stays.
    curve = (out / "cover_by_sites.csv").read_text(encoding="utf-8-sig").splitlines()
    assert curve[1:] == ["1,20.0,20.0,yes", "2,70.0,70.0,yes", "3,100.0,100.0,yes"]
    assert {name for name, _ in pyogrio.list_layers(out / "study.gpkg")} == {
        "demand",
        "sites",
        "not_chosen",
    }
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "已证明：在这些候选点中没有更优的选择。" in page
    assert "2 个站点可在 0.75 分钟内到达需求的 70.00" in page


def test_what_is_not_proven_is_said_so(study: _Study) -> None:
    """No time for a proof: the answer stands, with its gap."""
    said = study("--model", "p_median", "--count", "2", "--seconds", "0")

    assert said.code == 0, said.err
    assert said.out.splitlines()[1].startswith("Not proven: the best choice could be up to ")


def test_sites_can_be_forbidden_and_given_up(study: _Study) -> None:
    """Without C, and with the old site to spare, B and A are left for two."""
    said = study(
        *("--existing", str(study.folder / "existing.csv"), "--may-close", "old"),
        *("--forbid", "C", "--model", "p_center", "--count", "1"),
    )

    assert said.code == 0, said.err
    # 6.5 is 5 blocks from the west, B 6 from the east, A 8: the old site is the best centre.
    assert "Sites: old." in said.out
    assert study("--forbid", "nobody", "--count", "1").code == 2


def test_demand_out_of_reach_is_named_with_its_minutes(study: _Study) -> None:
    """Cover for all within ten seconds: the middle is 20 s from B."""
    said = study("--model", "lscp", "--minutes", "0.1667")

    assert said.code == 2
    assert "the farthest, middle, is 0.3 min from the nearest" in said.err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--model", "mexclp", "--count", "1"),
        ("--model", "double_standard", "--count", "1"),
        ("--minutes", "-1", "--count", "1"),
        ("--count", "9"),
    ],
)
def test_questions_that_cannot_be_are_refused(study: _Study, words: tuple[str, ...]) -> None:
    """Without a traceback."""
    said = study(*words)

    assert said.code == 2
    assert "Traceback" not in said.err


def test_the_work_log_says_how_busy_crews_are(study: _Study) -> None:
    """One of two hours at work: with a single crew q = .5, so half of what it reaches counts."""
    log = study.folder / "log.csv"
    log.write_text("sent_at,free_at\n2026-01-01T08:00Z,2026-01-01T09:00Z\n", encoding="utf-8")
    with log.open("a", encoding="utf-8") as more:
        more.write("2026-01-01T10:00Z,2026-01-01T10:00Z\n")

    said = study(*("--model", "mexclp", "--count", "1", "--minutes", "0.5", "--work-log", str(log)))

    assert said.code == 0, said.err
    assert said.out.startswith("1 crew give 25.00 % of demand a free crew within 0.5 min")


def test_no_site_at_all_is_reported_too(study: _Study) -> None:
    """0 % before the first site is where a plan may begin, and no error."""
    out = study.folder / "out"

    said = study("--minutes", "0.75", "--count", "0", "--out", str(out))

    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == "0 sites reach 0.00 % of demand within 0.75 min."
    numbers = json.loads((out / "study.json").read_text())["numbers"]
    assert (numbers["objective"], numbers["bound"]) == (0.0, 0.0)
