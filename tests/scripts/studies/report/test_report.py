"""What a study writes into its folder."""

import base64
import csv
import gzip
import json
import re
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
from shapely.geometry import LineString
from shapely.geometry import Polygon

from routing.network.road_network import RoadNetwork
from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.report import map_packing
from scripts.studies.report.charts import new_chart
from scripts.studies.report.frames import points_frame
from scripts.studies.report.map_packing import pack_layers
from scripts.studies.report.map_packing import pack_streets
from scripts.studies.report.page import MOST_ROWS
from scripts.studies.report.report import Chart
from scripts.studies.report.report import Layer
from scripts.studies.report.report import Report
from scripts.studies.report.report import Table
from scripts.studies.report.text import Text
from tests.chromium import open_chromium
from tests.cities import GridCity

PLACES = np.array([[7.42, 43.73], [7.43, 43.74], [7.41, 43.72]])
NAME = ("name", Text("Name", "名称"))
MINUTES = ("minutes", Text("Minutes", "分钟"))


def _report(rows: int = 2) -> Report:
    figure, axes = new_chart()
    axes.plot([0, 1], [0, 1])
    axes.set_xlabel("min")
    demand = points_frame(PLACES, name=["</script>", "b", "c"], minutes=[1.0, 8.5, np.inf])
    return Report(
        "cover",
        Text("Cover <of> Monaco", "摩纳哥覆盖率"),
        summary=[Text("Two thirds are reached.", "可到达三分之二。")],
        assumptions=[(Text("Profile", "车型"), "normal")],
        tables=[
            Table("worst", Text("Worst", "最差"), (NAME, MINUTES), [("=1+1", -1.5)] * rows),
        ],
        charts=[Chart("curve", Text("Curve", "曲线"), figure)],
        layers=[Layer("demand", Text("Demand", "需求"), demand, "minutes", "name")],
        left_out=[LeftOut("@x", "f.csv, line 3", "off_network", 5.0, 812.0)],
        demand=50.0,
        numbers={"share": np.float64(0.5), "worst_s": np.inf},
    )


def test_a_report_is_a_page_and_files_for_other_programs(tmp_path: Path) -> None:
    """What it says it wrote is there, the page first."""
    written = _report().write(tmp_path / "new" / "folder")

    names = [file.name for file in written]
    assert names == [
        "report.html",
        "worst.csv",
        "curve.png",
        "study.gpkg",
        "left_out.csv",
        "study.json",
    ]
    assert all(file.stat().st_size for file in written)
    layer = geopandas.read_file(written[3], layer="demand")
    assert layer.geometry.x.tolist() == PLACES[:, 0].tolist()
    numbers = json.loads(written[5].read_text())
    assert numbers["numbers"] == {"share": 0.5, "worst_s": None}
    assert numbers["left_out"] == {"rows": 1, "demand": 5.0}


def test_spreadsheets_run_no_cell_and_read_numbers_as_numbers(tmp_path: Path) -> None:
    """A text that begins as a formula is made harmless; a negative number is none."""
    _report().write(tmp_path)

    with (tmp_path / "worst.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[:2] == [["name", "minutes"], ["'=1+1", "-1.5"]]
    with (tmp_path / "left_out.csv").open(encoding="utf-8-sig", newline="") as file:
        row = list(csv.reader(file))[1]
        assert row == ["'@x", "f.csv, line 3", "off_network", "5.0", "812.0"]


def test_the_page_names_no_address_to_load_from(tmp_path: Path) -> None:
    """Left are the name of SVG's language and two notes in comments of Leaflet."""
    page = _report().write(tmp_path)[0].read_text()

    assert set(re.findall(r"https?://([\w.]+)", page)) <= {
        "www.w3.org",
        "bugs.chromium.org",
        "bugzilla.mozilla.org",
    }
    assert not re.search(r"@import|url\((?!#)|<(?:script|img|link)\b[^>]*(?:src|href)=", page)


def test_what_is_left_out_is_told_with_its_share(tmp_path: Path) -> None:
    """5 of 50 are a tenth."""
    page = _report().write(tmp_path)[0].read_text()

    assert "10.00\N{NO-BREAK SPACE}% of all demand" in page
    assert "离所有道路过远" in page


def test_rows_whose_demand_cannot_be_read_are_not_told_as_none(tmp_path: Path) -> None:
    """Nobody knows which share they are."""
    report = _report()
    report.left_out.append(LeftOut("@y", "f.csv, line 4", "not_a_number"))

    page = report.write(tmp_path)[0].read_text()

    assert "of all demand, not counting 1 whose demand cannot be read" in page
    assert "另有 1 行的需求量无法读取" in page


def test_a_long_table_is_cut_on_the_page_and_whole_in_its_file(tmp_path: Path) -> None:
    """The page says where the rest is."""
    page = _report(rows=MOST_ROWS + 1).write(tmp_path)[0].read_text()

    assert page.count("<td>=1+1</td>") == MOST_ROWS
    assert "all are in worst.csv" in page
    assert len((tmp_path / "worst.csv").read_text().splitlines()) == MOST_ROWS + 2


def test_a_folder_that_cannot_be_written_is_an_error_with_its_name(tmp_path: Path) -> None:
    """A file stands in the way."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(UsageError, match=r"taken/out cannot be written: Not a directory\."):
        _report().write(tmp_path / "taken" / "out")


def test_a_second_run_leaves_no_layer_of_the_first(tmp_path: Path) -> None:
    """The GeoPackage is made anew."""
    _report().write(tmp_path)
    second = _report()
    second.layers = [Layer("posts", Text("Posts", "驻点"), points_frame(PLACES))]

    second.write(tmp_path)

    assert [name for name, _ in pyogrio.list_layers(tmp_path / "study.gpkg")] == ["posts"]


def test_fifty_thousand_points_make_a_light_page(tmp_path: Path) -> None:
    """As GeoJSON they would be 10 MB."""
    count = 50_000
    draw = np.random.default_rng(1)
    lonlat = np.array([-8.6, 41.15]) + draw.normal(0.0, 0.05, (count, 2))
    frame = points_frame(
        lonlat, name=np.arange(count).astype(str), minutes=draw.gamma(3.0, 2.0, count)
    )
    report = Report("many", Text("Many", "许多"))
    report.layers = [Layer("demand", Text("Demand", "需求"), frame, "minutes", "name")]

    page = report.write(tmp_path)[0]

    assert page.stat().st_size < 1_500_000


def test_packed_layers_hold_the_places_to_a_tenth_of_a_metre() -> None:
    """Unpacked as the page does it: differences, summed up."""
    hole = [(7.402, 43.702), (7.404, 43.702), (7.404, 43.704)]
    area = Polygon([(7.4, 43.7), (7.41, 43.7), (7.41, 43.71)], [hole])
    frame = geopandas.GeoDataFrame(
        geometry=[area, LineString([(7.5, 43.8), (7.51, 43.81)])], crs="EPSG:4326"
    ).to_crs("EPSG:3857")

    areas = _unpacked(Layer("a", Text("", ""), frame.iloc[:1]))
    lines = _unpacked(Layer("l", Text("", ""), frame.iloc[1:]))

    assert areas["parts"] == [2]
    assert areas["counts"] == [4, 4]
    x = np.cumsum(areas["xy"][0]) * areas["degrees"]
    assert x == pytest.approx([*np.array(area.exterior.coords)[:, 0], 7.402, 7.404, 7.404, 7.402])
    assert lines["counts"] == [2]


def _unpacked(layer: Layer) -> dict[str, Any]:
    return _content(pack_layers([layer])[0]["data"])


def test_of_a_country_only_its_greater_roads_are_drawn_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page must stay light; of a town all streets around the layers are there."""
    city = GridCity()
    network = RoadNetwork.from_osm(city.write(tmp_path / "grid.osm"))
    low, high = city.at(2, 2), city.at(4, 4)
    bounds = np.array([*low, *high])

    near = _content(pack_streets(network, bounds))
    monkeypatch.setattr(map_packing, "_MOST_STREET_POINTS", 3)
    few = _content(pack_streets(network, bounds))

    # 2 by 2 blocks, the margin of .005 degrees around: not the whole city of 12 by 12.
    assert 12 < len(near["counts"]) < 2 * 12 * 13
    assert sum(near["counts"]) == len(near["xy"][0])
    assert few["counts"] == []


def _content(packed: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return content


@pytest.mark.browser
def test_the_page_opens_alone_draws_its_map_and_speaks_both_languages(tmp_path: Path) -> None:
    """On a phone's width, from a file, without any request beyond that file."""
    page_file = _report().write(tmp_path)[0]
    with open_chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 800}, locale="en-GB")
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(page_file.as_uri())
        page.locator("#map[data-ready]").wait_for()

        assert page.locator("h1").inner_text() == "Cover <of> Monaco"
        assert page.locator("#legend").inner_text().split() == [
            *("Demand", "minutes", "1", "1", "8.5", "1", "none", "1")
        ]
        assert page.locator("#map canvas").count()
        page.locator("#language").click()
        assert page.locator("h1").inner_text() == "摩纳哥覆盖率"
        assert page.title() == "摩纳哥覆盖率"
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert asked == [page_file.as_uri()]
        assert faults == []


def test_a_cell_in_both_languages_is_english_in_the_file_and_both_on_the_page(
    tmp_path: Path,
) -> None:
    """Programs read one word; people their own."""
    columns = [("proven", Text("Proven", "已证明"))]
    table = Table("certain", Text("Certain", "确定"), columns, [[Text("yes", "是")]])

    Report("study", Text("Study", "分析"), tables=[table]).write(tmp_path)

    assert (tmp_path / "certain.csv").read_text(encoding="utf-8-sig").split() == ["proven", "yes"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<td><span lang=en>yes</span><span lang=zh>是</span></td>" in page
