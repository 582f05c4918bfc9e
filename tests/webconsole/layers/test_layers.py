"""Layers over HTTP: listed, drawn, looked at; to those who are signed in and may."""

import gzip
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient

from dispatch.access.permissions import SYSTEM
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.layers.service import LayerService
from tests.cities import GridCity
from tests.dispatch.layers.test_layers import STYLE
from tests.dispatch.layers.test_layers import valves
from tests.geodata import mvt
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
PATH = "/api/v1/layers"


@pytest.fixture
def bench(owner_engine: Any, clock: Any, desk: Program) -> LayerService:  # noqa: ANN401
    """Return the layers as the command line has them."""
    assert desk.headers
    return LayerService(UnitOfWork(owner_engine), clock)


@pytest.fixture
def layer(bench: LayerService, grid_city: GridCity) -> dict[str, Any]:
    """Return a layer of 400 valves, 20 to a street."""
    places = [(column / 2, row / 2) for column in range(20) for row in range(20)]
    imported, _ = bench.import_file(SYSTEM, STYLE, valves(grid_city, *places))
    return {**imported}


def test_layers_are_listed_and_looked_at_as_described(
    desk: Program, layer: dict[str, Any], grid_city: GridCity
) -> None:
    """Row 2, column 4 of half blocks is valve 4 × 20 + 2 + 1 = 83."""
    lon, lat = grid_city.at(2, 1)
    listed = desk.get(PATH)
    at = desk.get(f"{PATH}/at?lon={lon}&lat={lat}&layers={layer['id']},99&tolerance_m=20")
    near = desk.get(f"{PATH}/near?lon={lon}&lat={lat}&kind=valves&limit=3")

    wrong = desk.get(f"{PATH}/near?lon={lon}&lat={lat}&utility=steam")
    water = desk.get(f"{PATH}/near?lon={lon}&lat={lat}&utility=water")

    assert told(listed)["layers"] == [layer]
    assert list(refused_fields(wrong)) == ["utility"]
    assert {each["utility"] for each in told(water)["features"]} == {None}
    (feature,) = told(at)["features"]
    assert (feature["label"], feature["attributes"]) == ("V-83", {"code": "V-83", "dn": 100})
    assert feature["geometry"]["coordinates"] == pytest.approx([lon, lat], abs=1e-6)
    labels = [each["label"] for each in told(near)["features"]]
    assert (labels[0], len(labels)) == ("V-83", 3)


def test_a_tile_is_packed_kept_and_asked_for_again_in_vain(
    desk: Program, bench: LayerService, layer: dict[str, Any], grid_city: GridCity
) -> None:
    """Until the layer is imported anew."""
    z, x, y = mvt.tile_at(*grid_city.at(5, 5), 14)
    where = f"/layers/{layer['id']}/{z}/{x}/{y}.mvt?v={layer['version']}"
    first = desk.get(where, headers={"Accept-Encoding": "gzip"})
    plain = desk.get(where)
    tag = first.headers["ETag"]
    again = desk.get(where, headers={"If-None-Match": tag})
    bench.import_file(SYSTEM, STYLE, valves(grid_city, (5, 5)))
    renewed = desk.get(where, headers={"If-None-Match": tag})

    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == plain.data
    assert first.headers["Cache-Control"] == "private, max-age=604800"
    assert (again.status_code, again.data) == (304, b"")
    assert renewed.status_code == 200
    assert [each.attributes["label"] for each in mvt.decode(renewed.data)["features"]] == ["V-1"]


@pytest.mark.parametrize("query", ["", "?v=2", "?v=", "?v=0"])
def test_a_tile_may_be_kept_only_under_the_version_it_is_of(
    desk: Program, layer: dict[str, Any], grid_city: GridCity, query: str
) -> None:
    """Else a valve that was dug out stays on somebody's map for a week."""
    z, x, y = mvt.tile_at(*grid_city.at(5, 5), 14)
    where = f"/layers/{layer['id']}/{z}/{x}/{y}.mvt{query}"

    first = desk.get(where)
    again = desk.get(where, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert layer["version"] == 1
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_strangers_see_nothing_of_the_network(
    client: FlaskClient, desk: Program, layer: dict[str, Any]
) -> None:
    """Where the gas mains lie is nobody else's business: 401, not a page to sign in on."""
    for path in (PATH, f"{PATH}/near?lon=7&lat=43", f"/layers/{layer['id']}/14/1/1.mvt"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert desk.get("/layers/999/14/1/1.mvt").status_code == 404
    assert desk.get(f"/layers/{2**70}/14/1/1.mvt").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("at?lon=7&lat=43", "layers"),
        ("at?lon=7&lat=43&layers=a", "layers"),
        ("at?lon=7&lat=91&layers=1", "lat"),
        ("at?lon=7&lat=43&layers=1&tolerance_m=nan", "tolerance_m"),
        ("near?lon=7&lat=43&kind=pipes", "kind"),
        ("near?lon=7&lat=43&limit=0", "limit"),
        ("near?lon=7&lat=43&within_m=1e9", "within_m"),
    ],
)
def test_a_wrong_question_is_refused_by_its_parameter(
    desk: Program, query: str, field: str
) -> None:
    """Never by an error of the server."""
    assert set(refused_fields(desk.get(f"{PATH}/{query}"))) == {field}


def test_numbers_beyond_all_layers_find_nothing(desk: Program) -> None:
    """PostgreSQL's numbers end somewhere; ours need not."""
    answer = desk.get(f"{PATH}/at?lon=7&lat=43&layers={2**80},{-(2**80)},-5")

    assert told(answer) == {"features": []}


def test_an_empty_tile_is_no_error(desk: Program, layer: dict[str, Any]) -> None:
    """Outside the records, and beyond the zooms that are made."""
    for tile in ("14/0/0", "2/0/0", "30/5/5"):
        answer = desk.get(f"/layers/{layer['id']}/{tile}.mvt")
        assert (answer.status_code, answer.data) == (200, b"")


def test_text_of_a_file_comes_out_as_it_went_in(
    desk: Program, bench: LayerService, grid_city: GridCity
) -> None:
    """Markup and Chinese alike; pages show it, they do not run it."""
    point = shapely.Point(grid_city.at(1, 1))
    file = valves(grid_city, (1, 1))
    file.rows[0] |= {"备注": "<script>alert('阀')</script>", "list": [1, None, "a"]}
    layer, _ = bench.import_file(SYSTEM, STYLE.model_copy(update={"label_field": "code"}), file)

    answer = desk.get(f"{PATH}/at?lon={point.x}&lat={point.y}&layers={layer['id']}")

    attributes = told(answer)["features"][0]["attributes"]
    assert attributes["备注"] == "<script>alert('阀')</script>"
    assert attributes["list"] == [1, None, "a"]
