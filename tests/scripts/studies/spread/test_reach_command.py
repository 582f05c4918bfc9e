"""`nearcrew study reach` as it is typed."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cities import GridCity
from tests.scripts.command_line import Answer
from tests.scripts.command_line import Nearcrew

CITY = GridCity()


class _Study:
    """The command on a grid: sites and customers along row 6."""

    def __init__(self, nearcrew: Nearcrew, folder: Path) -> None:
        self._nearcrew, self.folder = nearcrew, folder
        self._grid = CITY.write(folder / "grid.osm")
        self._write("sites.csv", "name,lon,lat", [("west", 1.5, ""), ("middle", 6.5, "")])
        customers = [("a", 0.5, ",1"), ("b", 5.5, ",2"), ("c", 7.5, ",4"), ("d", 11.5, ",8")]
        self._write("demand.csv", "name,lon,lat,weight", customers)

    def _write(self, name: str, head: str, rows: list[tuple[str, float, str]]) -> None:
        lines = [head]
        for called, column, more in rows:
            lon, lat = CITY.at(column, 6)
            lines.append(f"{called},{lon},{lat}{more}")
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def __call__(self, *words: str) -> Answer:
        """Run it with some more words."""
        files = ("--sites", "sites.csv", "--demand", "demand.csv", "--out", "out")
        words = (*words, "--pbf", str(self._grid))
        named = [str(self.folder / one) if not one.startswith("--") else one for one in files]
        return self._nearcrew("study", "reach", *named, *words)


@pytest.fixture
def study(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> _Study:
    """Return the command with its files."""
    monkeypatch.setenv("NEARCREW_VAR", str(tmp_path / "var"))
    return _Study(Nearcrew(monkeypatch, capsys), tmp_path)


def test_each_site_counts_what_it_reaches_and_the_best_is_told(study: _Study) -> None:
    """One block takes 20 s: in 45 s two of them, at the most."""
    said = study("--minutes", "0.75", "--minutes", "2")

    assert said.code == 0, said.err
    assert said.out.startswith("Of 2 sites middle reaches most: 93.3 % of demand within 2 minutes")
    table = pd.read_csv(study.folder / "out" / "sites.csv").set_index("site")
    assert table["demand_0.75_min"].to_dict() == {"middle": 6.0, "west": 1.0}  # b and c; a
    assert table["demand_2_min"].to_dict() == {"middle": 14.0, "west": 3.0}  # b, c, d; a, b
    assert json.loads((study.folder / "out" / "study.json").read_text())["demand"] == 15.0


def test_demand_summed_on_the_streets_is_told_with_how_far_it_moved(study: _Study) -> None:
    """It is not the demand that was given."""
    said = study("--minutes", "2", "--road-step", "100")

    assert said.code == 0, said.err
    page = (study.folder / "out" / "report.html").read_text("utf-8")
    assert "every 100 m; moved by" in page
    assert "每 100 米一点" in page


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--minutes", "0"), "above zero"),
        (("--at", "noon"), "'noon' is no time."),
        (("--cluster", "nonsense"), "No Dask scheduler answers at nonsense."),
    ],
)
def test_wrong_words_are_refused(study: _Study, words: tuple[str, ...], problem: str) -> None:
    """By name, without a traceback."""
    said = study(*words)

    assert said.code == 2
    assert problem in said.err


@pytest.mark.long
def test_two_workers_write_the_same_table(study: _Study) -> None:
    """As typed; the processes are this program's own."""
    study("--minutes", "2")
    plain = (study.folder / "out" / "sites.csv").read_text("utf-8")

    said = study("--minutes", "2", "--workers", "2")

    assert said.code == 0, said.err
    assert (study.folder / "out" / "sites.csv").read_text("utf-8") == plain
