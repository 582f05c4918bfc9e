"""`nearcrew layer …` and `nearcrew zone import` as they are typed."""

from pathlib import Path

import geopandas
import pytest
import shapely
from sqlalchemy import text

from geodata.db import make_engine
from scripts.environment import look_around
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


@pytest.fixture
def valves(tmp_path: Path) -> Path:
    """Return a file of three valves in Gauss-Krüger metres."""
    points = geopandas.points_from_xy([7.41, 7.42, 7.43], [43.73, 43.735, 43.74])
    frame = geopandas.GeoDataFrame({"code": ["a", "b", "c"]}, geometry=points, crs="EPSG:4326")
    path = tmp_path / "valves.gpkg"
    frame.to_crs("EPSG:2154").to_file(path, engine="pyogrio")
    return path


@pytest.fixture
def districts(tmp_path: Path) -> Path:
    """Return a file of two districts, one in two parts."""
    two = shapely.MultiPolygon([shapely.box(7.4, 43.7, 7.41, 43.71), shapely.box(7.5, 43.7, 8, 44)])
    shapes = [shapely.box(7.41, 43.71, 7.42, 43.72), two]
    columns = {"NAME": ["Port", "Hills"], "名称": ["港口", None]}
    frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    path = tmp_path / "districts.geojson"
    frame.to_file(path, engine="pyogrio")
    return path


def test_a_layer_is_imported_listed_renamed_and_removed(nearcrew: Nearcrew, valves: Path) -> None:
    """Each says what it did."""
    none = nearcrew("layer", "list")
    made = nearcrew("layer", "import", str(valves), "--name", "Valves", "--kind", "valves")
    again = nearcrew(
        *("layer", "import", str(valves), "--name", "Valves", "--name-zh", "阀门"),
        *("--kind", "valves", "--colour", "#009E73", "--label-field", "code"),
    )
    renamed = nearcrew("layer", "rename", "Valves", "Gas valves")
    of_gas = nearcrew("layer", "utility", "Gas valves", "gas")
    listed = nearcrew("layer", "list")
    removed = nearcrew("layer", "remove", "Gas valves")

    assert "There are no layers yet" in none.out
    assert "Valves is new: 3 points from RGF93" in made.out
    assert "Valves took the place of the former one" in again.out
    assert "Valves is called Gas valves now." in renamed.out
    assert "Gas valves (阀门): valves, gas, 3 points, from valves.gpkg" in listed.out
    assert of_gas.out == "Gas valves: gas.\n"
    assert removed.out == "Gas valves is removed.\n"
    assert "no layers yet" in nearcrew("layer", "list").out
    assert {each.code for each in (none, made, again, renamed, listed, removed)} == {0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "pipes"), "kind: must be one of: mains, valves"),
        (("--utility", "steam"), "utility: must be one of: gas, heat"),
        (("--colour", "red"), "colour: must be a colour such as #0072b2"),
        (("--label-field", "nr"), "no attribute 'nr'"),
        (("--layer-in-file", "taps"), "no layer 'taps'"),
        (("--crs", "EPSG:0"), "'EPSG:0' is no coordinate system"),
        (("--encoding", "klingon"), "klingon"),
    ],
)
def test_a_wrong_option_is_refused_with_2(
    nearcrew: Nearcrew, valves: Path, words: tuple[str, str], said: str
) -> None:
    """In words that name it."""
    answer = nearcrew("layer", "import", str(valves), "--name", "Valves", *words)

    assert answer.code == 2, answer.out + answer.err
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_bad_file_and_an_unknown_layer_are_refused(nearcrew: Nearcrew, tmp_path: Path) -> None:
    """The file with 2, as everywhere; the layer with 1."""
    bad = tmp_path / "letter.shp"
    bad.write_bytes(b"Dear Sir or Madam")

    letter = nearcrew("layer", "import", str(bad), "--name", "Mains")
    nowhere = nearcrew("layer", "import", str(tmp_path / "no.gpkg"), "--name", "Mains")
    unknown = nearcrew("layer", "remove", "Mains")

    assert (letter.code, nowhere.code, unknown.code) == (2, 2, 1)
    assert "letter.shp cannot be imported" in letter.err
    assert "there is no file" in nowhere.err
    assert "There is no layer called Mains." in unknown.err


def test_zones_are_imported_and_imported_again(nearcrew: Nearcrew, districts: Path) -> None:
    """Known by kind and name."""
    words = ("zone", "import", str(districts), "--name-field", "NAME", "--name-zh-field", "名称")

    first = nearcrew(*words)
    second = nearcrew(*words)
    wrong = nearcrew("zone", "import", str(districts), "--name-field", "Name")

    assert first.out == "2 zones are new, 0 were replaced.\n"
    assert second.out == "0 zones are new, 2 were replaced.\n"
    assert wrong.code == 2
    assert "It has: NAME, 名称." in wrong.err


def test_imported_again_a_layer_and_a_zone_keep_the_chinese_names_that_were_given(
    nearcrew: Nearcrew, valves: Path, districts: Path
) -> None:
    """Left out is not emptied; a district without one has none, not "None"."""
    layer = ("layer", "import", str(valves), "--name", "Valves", "--kind", "valves")
    zones = ("zone", "import", str(districts), "--name-field", "NAME")
    for words in (
        layer,
        ("layer", "rename", "Valves", "Valves", "--name-zh", "阀门"),
        layer,
        (*zones, "--name-zh-field", "名称"),
        zones,
    ):
        assert nearcrew(*words).code == 0

    assert "Valves (阀门): valves" in nearcrew("layer", "list").out
    engine = make_engine(look_around().admin_url)
    with engine.connect() as connection:
        named = connection.execute(text("SELECT name, name_zh FROM zone ORDER BY name")).all()
    engine.dispose()
    assert [tuple(each) for each in named] == [("Hills", ""), ("Port", "港口")]


def test_a_zone_that_is_no_area_is_named_by_its_place(nearcrew: Nearcrew, valves: Path) -> None:
    """Points are no districts."""
    answer = nearcrew("zone", "import", str(valves), "--name-field", "code")

    assert answer.code == 2
    assert "1 (a) geometry: must be a GeoJSON Polygon / MultiPolygon" in answer.err
