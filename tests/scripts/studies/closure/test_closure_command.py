"""`nearcrew study closure` as it is typed."""

import csv
import json
from pathlib import Path

import pytest

from tests.cities import GridCity
from tests.scripts.command_line import Nearcrew

CITY = GridCity()


def _places(file: Path, *places: tuple[float, float, float]) -> str:
    rows = ["lon,lat,weight"]
    rows += [
        f"{lon},{lat},{weight}"
        for column, row, weight in places
        for lon, lat in [CITY.at(column, row)]
    ]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(file)


def test_the_worst_closures_are_told_and_written(
    nearcrew: Nearcrew, grid: str, tmp_path: Path
) -> None:
    """A post and demand on one row: closing the row between makes a way of two blocks longer."""
    posts = _places(tmp_path / "posts.csv", (2.5, 6, 1))
    demand = _places(tmp_path / "demand.csv", (5.5, 6, 30), (2.2, 6, 5))
    a, b = CITY.at(3.2, 6), CITY.at(4.8, 6)
    line = {"type": "LineString", "coordinates": [a, b]}
    also = tmp_path / "also.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": line}
    also.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    out = tmp_path / "out"

    # fmt: off
    said = nearcrew(
        "study", "closure", "--pbf", grid, "--posts", posts, "--demand", demand,
        "--minutes", "1.1", "--also", str(also), "--out", str(out), "--count", "3",
    )
    # fmt: on

    # 60 s along the row; round a closed block it is 40 s and four turns more.
    assert said.code == 0, said.err
    assert "The worst single closure is Row 6 (Column 3 – Column 4): 30 demand" in said.out
    assert "Exact:" in said.out or "All" in said.out
    assert "The closures of also.geojson together: 85.7% of the demand loses cover" in said.out
    with (out / "worst_closures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["street"], row["loses_cover"], row["cut_off"]) for row in rows] == [
        ("Row 6", "30.0", "0.0"),
        ("Row 6", "30.0", "0.0"),
    ]
    numbers = json.loads((out / "study.json").read_text())["numbers"]
    assert numbers["worst_loss"] == numbers["given_loses_cover"] == 30.0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "影响最大的单一封闭" in page
    assert (out / "study.gpkg").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--minutes", "5", "--turnout", "5"), "above the turnout"),
        (("--minutes", "90"), "at most the worst time"),
        (("--profile", "bicycle"), "There is no profile bicycle"),
    ],
)
def test_impossible_wishes_are_refused(
    nearcrew: Nearcrew, grid: str, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """One sentence and the exit code of wrong arguments."""
    posts = _places(tmp_path / "posts.csv", (2.5, 6, 1))

    answer = nearcrew("study", "closure", "--pbf", grid, "--posts", posts, *words)

    assert answer.code == 2
    assert said in answer.err
