"""`nearcrew study visits`: from two files to a report."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cities import GridCity
from tests.scripts.command_line import Answer
from tests.scripts.command_line import Nearcrew

CITY = GridCity(blocks=6)
_DAY = ("--day", "2026-11-30", "--time-zone", "UTC", "--iterations", "60")


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """Return a function that plans two visits for one crew, with further words."""
    nearcrew = Nearcrew(monkeypatch, capsys)
    grid = CITY.write(tmp_path / "grid.osm")
    visits, crews = tmp_path / "visits.csv", tmp_path / "crews.csv"
    lines = ["name,lon,lat,duration_min,from,until,skills"]
    for name, column, skill in (("a", 1, ""), ("b", 5, ""), ("c", 3, "heat")):
        lon, lat = CITY.at(column, 0)
        lines.append(f"{name},{lon},{lat},30,08:00,16:00,{skill}")
    visits.write_text("\n".join(lines), encoding="utf-8")
    lon, lat = CITY.at(0, 0)
    crews.write_text(f"name,lon,lat,from,until\nA,{lon},{lat},08:00,17:00\n", encoding="utf-8")

    def plan(*words: str) -> Answer:
        out = str(tmp_path / "out")
        places = (str(visits), str(crews), "--pbf", str(grid), "--out", out)
        return nearcrew("study", "visits", *places, *words, NEARCREW_VAR=str(tmp_path / "var"))

    return plan


def test_a_day_is_planned_and_said_in_a_few_sentences(
    typed: Callable[..., Answer], tmp_path: Path
) -> None:
    """The result first; progress goes to the other stream."""
    said = typed(*_DAY)

    assert said.code == 0
    first, *_, last = said.out.splitlines()
    assert first.startswith("2 of 3 visits are planned for 1 of 1 crews")
    assert last == f"Report: {tmp_path / 'out' / 'report.html'}"
    assert "Looking for a plan" in said.err


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--day", "tomorrow"), "'tomorrow' is no day."),
        ((*_DAY[:2], "--time-zone", "Mars/North"), "There is no time zone 'Mars/North'."),
        ((*_DAY, "--at", "noon"), "'noon' is no time."),
        ((*_DAY, "--emergency", "now"), "'now' is no emergency."),
    ],
)
def test_wrong_words_are_refused_with_what_to_type(
    typed: Callable[..., Answer], words: tuple[str, ...], problem: str
) -> None:
    """Before any road is read."""
    said = typed(*words)

    assert said.code == 2
    assert problem in said.err
    assert "→" in said.err
