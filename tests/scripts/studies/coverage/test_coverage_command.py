"""`nearcrew study coverage` as it is typed."""

import json
from pathlib import Path

import geopandas
import pyogrio
import pytest
import shapely

from tests.scripts.command_line import Answer
from tests.scripts.command_line import Nearcrew
from tests.scripts.studies.coverage.conftest import CITY


class _Study:
    """The command on the grid, with files of posts and demand along row 6."""

    def __init__(self, nearcrew: Nearcrew, grid: Path, folder: Path) -> None:
        self._nearcrew, self._grid, self.folder = nearcrew, grid, folder
        self.write("posts.csv", "name,lon,lat", [("post", 0.5)])
        rows = [("near", 1.5), ("far", 9.5)]
        self.write("demand.csv", "name,lon,lat,weight,zone", rows, ["3,west", "1,east"])

    def write(
        self, name: str, head: str, rows: list[tuple[str, float]], more: list[str] | None = None
    ) -> str:
        """Write a table of places along row 6."""
        lines = [head]
        for at, (called, column) in enumerate(rows):
            lon, lat = CITY.at(column, 6)
            lines.append(f"{called},{lon},{lat}" + (f",{more[at]}" if more else ""))
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(self.folder / name)

    def __call__(self, *words: str, demand: str = "demand.csv") -> Answer:
        """Run the study with some more words."""
        demand = str(self.folder / demand) if demand.endswith(".csv") else demand
        posts = str(self.folder / "posts.csv")
        common = ("--posts", posts, "--demand", demand, "--pbf", str(self._grid))
        return self._nearcrew("study", "coverage", *common, *words)


@pytest.fixture
def study(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    grid_file: Path,
) -> _Study:
    """Return the command with a state folder of its own."""
    monkeypatch.setenv("NEARCREW_VAR", str(tmp_path / "var"))
    return _Study(Nearcrew(monkeypatch, capsys), grid_file, tmp_path)


def test_it_tells_the_shares_and_writes_the_report(study: _Study) -> None:
    """Three quarters are one block, 20 s and half a minute of turnout away."""
    out = study.folder / "out"

    said = study("--minutes", "1", "--turnout", "0.5", "--out", str(out))

    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == "75.0 % of demand is reached within 1 min from 1 post."
    assert said.out.splitlines()[-1] == f"Report: {out / 'report.html'}"
    numbers = json.loads((out / "study.json").read_text())["numbers"]
    assert numbers["covered_within_1_min"] == 0.75
    layers = {name for name, _ in pyogrio.list_layers(out / "study.gpkg")}
    assert layers == {"demand", "posts", "reach", "gaps"}
    assert "far" in (out / "worst.csv").read_text().splitlines()[1]
    assert (out / "zones.csv").read_text().splitlines()[1].startswith("east,1.0,0.0")
    page = (out / "report.html").read_text()
    assert "Nothing: all rows of the input count." in page
    assert "1 个驻点在 1 分钟内可到达 75.0\N{NO-BREAK SPACE}% 的需求。" in page


def test_posts_of_another_file_are_compared(study: _Study) -> None:
    """A second post beside the far demand."""
    more = study.write("more.csv", "name,lon,lat", [("post", 0.5), ("second", 8.5)])
    out = study.folder / "out"

    said = study("--minutes", "1", "--against", more, "--out", str(out))

    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == (
        "more: 100.0 % within 1 min instead of 75.0 %; 25.0 % of demand gains cover, "
        "0.0 % loses it."
    )
    difference = geopandas.read_file(out / "study.gpkg", layer="difference")
    # From 9 blocks to 1: 8 x 20 s sooner.
    assert difference["minutes_later"].tolist() == pytest.approx([0.0, -160 / 60], abs=0.02)


def test_closed_roads_are_compared(study: _Study) -> None:
    """Drawn in a file."""
    works = geopandas.GeoDataFrame(
        geometry=[shapely.LineString([CITY.at(3.1, 6), CITY.at(3.9, 6)])], crs="EPSG:4326"
    )
    works.to_file(study.folder / "works.geojson")

    said = study("--minutes", "3.1", "--against-closures", str(study.folder / "works.geojson"))

    assert said.code == 0, said.err
    assert said.out.splitlines()[0].startswith("closed: 75.0 % within 3.1 min instead of 100.0 %")


def test_road_length_is_demand_without_a_file(study: _Study) -> None:
    """Of a city with nothing else known."""
    said = study("--minutes", "60", "--road-points", "100", demand="roads")

    assert said.code == 0, said.err
    assert said.out.startswith("100.0 % of demand is reached within 60 min from 1 post.")


def test_what_is_left_out_is_told(study: _Study) -> None:
    """With its file and line, and how much of the demand it is."""
    (study.folder / "demand.csv").write_text(
        (study.folder / "demand.csv").read_text() + "boat,7.42,43.5,4,sea\nodd,7.42,43.7,-1,sea\n"
    )

    said = study("--minutes", "1")
    strict = study("--minutes", "1", "--strict")

    assert "Left out: 2 rows of the input, 50.00 % of demand:" in said.out
    assert "demand.csv, line 5: negative weight" in said.out
    assert "demand.csv, line 4: off network, 22," in said.out
    assert strict.code == 2
    assert "demand.csv, line 5: odd does not count" in strict.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--minutes", "0"), "Minutes must be above zero"),
        (("--profile", "bicycle"), "no profile bicycle"),
        (("--hours", "7"), "Without speeds by hour"),
        (("--against", "a.csv", "--against-closures", "b.geojson"), "not with both at once"),
        (("--against-closures", "none.geojson"), "none.geojson cannot be read"),
        (("--against", "none.csv"), "none.csv cannot be read"),
        (("--speeds", "none.json"), "none.json"),
        (("--zones", "none.gpkg"), "none.gpkg cannot be read"),
    ],
)
def test_impossible_wishes_are_refused(study: _Study, words: tuple[str, ...], said: str) -> None:
    """Each names what is wrong; none shows a traceback."""
    answer = study(*words)

    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_posts_to_compare_with_that_do_not_count_are_told(study: _Study) -> None:
    """Some of them: listed, with no demand of their own. All of them: refused."""
    (study.folder / "more.csv").write_text(
        f"name,lon,lat\nsecond,{CITY.at(8.5, 6)[0]},{CITY.at(8.5, 6)[1]}\nfar,0.5,0.5\n"
    )
    (study.folder / "none.csv").write_text("name,lon,lat\nfar,0.5,0.5\n")
    out = study.folder / "out"

    some = study("--minutes", "1", "--against", str(study.folder / "more.csv"), "--out", str(out))
    none = study("--minutes", "1", "--against", str(study.folder / "none.csv"))

    assert some.code == 0, some.err
    assert "Left out: 1 row of the input, 0.00 % of demand:" in some.out
    assert "more.csv, line 3: off network" in some.out
    assert json.loads((out / "study.json").read_text())["left_out"] == {"rows": 1, "demand": 0.0}
    assert none.code == 2
    assert none.err.splitlines()[-2].startswith("None of the posts is near a road: ")


def test_incidents_of_less_than_a_week_are_warned_of(study: _Study) -> None:
    """In the sentences that are printed, and in the report's."""
    lon, lat = CITY.at(1.5, 6)
    (study.folder / "log.csv").write_text(
        f"name,lon,lat,at\na,{lon},{lat},2026-01-05T08:00Z\nb,{lon},{lat},2026-01-06T08:00Z\n"
    )
    out = study.folder / "out"

    said = study("--minutes", "1", "--out", str(out), demand="log.csv")

    assert said.code == 0, said.err
    assert "Caution: the log of incidents covers 2 days" in said.out
    assert "注意：险情记录仅覆盖 2 天" in (out / "report.html").read_text()
