"""Files of the utility's own: every format and coordinate system ends as degrees, or is refused."""

from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geodata.crs.datum import Datum
from geodata.crs.datum import from_wgs84
from geodata.layers.errors import LayerFileError
from geodata.layers.errors import MissingLayerFileError
from geodata.layers.errors import NoShapesError
from geodata.layers.errors import OffTheGlobeError
from geodata.layers.errors import UnknownCrsError
from geodata.layers.errors import UnknownFieldError
from geodata.layers.errors import UnreadableLayerError
from geodata.layers.errors import WhichLayerError
from geodata.layers.layer_files import read_layer_file

# Three valves in Beijing.
LONLAT = np.array([[116.391, 39.907], [116.402, 39.915], [116.417, 39.921]])
CGCS2000 = "EPSG:4490"  # what Chinese records are in today
GAUSS_KRUEGER = "EPSG:4549"  # CGCS2000 / 3-degree Gauss-Kruger CM 120E


def valves(lonlat: NDArray[np.float64] = LONLAT, crs: str = "EPSG:4326") -> geopandas.GeoDataFrame:
    """Return three valves whose coordinates are given in degrees."""
    columns = {"code": ["V-1", "V-2", "V-3"], "材质": ["铸铁", "钢", None], "dn": [100, 200, 300]}
    points = geopandas.points_from_xy(*lonlat.T)
    return geopandas.GeoDataFrame(columns, geometry=points, crs="EPSG:4326").to_crs(crs)


def written(frame: geopandas.GeoDataFrame, path: Path, **options: Any) -> Path:  # noqa: ANN401  (GDAL's)
    """Write a frame to a file of the kind that its name says."""
    frame.to_file(path, engine="pyogrio", **options)
    return path


def zipped(folder: Path, shapefile: Path) -> Path:
    """Pack all parts of a Shapefile as people send them."""
    packed = folder / "valves.zip"
    with ZipFile(packed, "w") as archive:
        for part in shapefile.parent.glob("valves.*"):
            if part != packed:
                archive.write(part, part.name)
    return packed


@pytest.mark.parametrize("name", ["valves.gpkg", "valves.geojson", "valves.shp", "valves.zip"])
@pytest.mark.parametrize("crs", ["EPSG:4326", GAUSS_KRUEGER])
def test_every_format_gives_the_same_valves(tmp_path: Path, name: str, crs: str) -> None:
    """Texts in Chinese included; what is absent is absent."""
    if name == "valves.zip":
        path = zipped(tmp_path, written(valves(crs=crs), tmp_path / "valves.shp", encoding="UTF-8"))
    else:
        path = written(valves(crs=crs), tmp_path / name)

    file = read_layer_file(path)

    # A GeoJSON of another CRS carries its name; GDAL writes and reads it.
    assert shapely.get_coordinates(file.geometries) == pytest.approx(LONLAT, abs=1e-8)
    assert file.rows == [
        {"code": "V-1", "材质": "铸铁", "dn": 100},
        {"code": "V-2", "材质": "钢", "dn": 200},
        {"code": "V-3", "dn": 300},
    ]
    assert (file.shapes, file.label_field(None), len(file)) == ("points", "code", 3)
    assert file.bounds == pytest.approx((116.391, 39.907, 116.417, 39.921))


def test_any_coordinate_system_ends_where_pyproj_says(tmp_path: Path) -> None:
    """Metres of a Gauss-Krüger zone, with the axes that its definition has the other way round."""
    x = np.array([500_000.0, 512_345.6, 498_765.4])
    y = np.array([3_456_789.0, 3_460_000.5, 3_450_123.4])
    frame = geopandas.GeoDataFrame(
        {"n": [1, 2, 3]}, geometry=geopandas.points_from_xy(x, y), crs=GAUSS_KRUEGER
    )

    file = read_layer_file(written(frame, tmp_path / "mains.gpkg"))

    oracle = Transformer.from_crs(GAUSS_KRUEGER, "EPSG:4326", always_xy=True).transform(x, y)
    found = shapely.get_coordinates(file.geometries)
    assert found == pytest.approx(np.column_stack(oracle), abs=1e-9)


def test_shifted_degrees_are_shifted_back(tmp_path: Path) -> None:
    """No file says that it is in GCJ-02; who imports it has to."""
    shifted = np.column_stack(from_wgs84(LONLAT[:, 0], LONLAT[:, 1], Datum.GCJ02))
    path = written(valves(shifted), tmp_path / "valves.geojson")

    file = read_layer_file(path, datum=Datum.GCJ02)

    assert np.abs(shifted - LONLAT).max() > 1e-3
    assert shapely.get_coordinates(file.geometries) == pytest.approx(LONLAT, abs=1e-7)


def test_attributes_become_what_json_can_hold(tmp_path: Path) -> None:
    """Dates are texts; what is no number is left out."""
    frame = valves()
    frame["laid"] = [datetime(1987, 5, 1, 8, tzinfo=UTC)] * 2 + [None]
    frame["bar"] = [0.4, float("nan"), 0.2]
    frame["open"] = [True, False, True]

    rows = read_layer_file(written(frame, tmp_path / "valves.gpkg")).rows

    assert [row.get("laid") for row in rows] == ["1987-05-01T08:00:00+00:00"] * 2 + [None]
    assert [row.get("bar") for row in rows] == [0.4, None, 0.2]
    assert [row["open"] for row in rows] == [True, False, True]


def test_what_cannot_be_drawn_is_counted_and_what_crosses_itself_is_mended(tmp_path: Path) -> None:
    """A bow tie becomes its two triangles."""
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes = np.array([bow, None, shapely.Polygon(), shapely.box(0, 0, 1, 1)])
    frame = geopandas.GeoDataFrame({"n": range(4)}, geometry=shapes, crs="EPSG:4326")

    file = read_layer_file(written(frame, tmp_path / "districts.gpkg"))

    assert (len(file), file.empty, file.mended, file.shapes) == (2, 2, 1, "polygons")
    assert [row["n"] for row in file.rows] == [0, 3]
    assert shapely.area(file.geometries) == pytest.approx([0.5, 1])


def test_a_file_without_a_coordinate_system_is_asked_for_one(tmp_path: Path) -> None:
    """A Shapefile without .prj is the likeliest of all bad files."""
    path = written(valves(crs=GAUSS_KRUEGER), tmp_path / "valves.shp")
    path.with_suffix(".prj").unlink()

    with pytest.raises(UnknownCrsError, match="does not name its coordinate system"):
        read_layer_file(path)
    with pytest.raises(UnknownCrsError, match="'EPSG:12' is no coordinate system"):
        read_layer_file(path, crs="EPSG:12")

    found = shapely.get_coordinates(read_layer_file(path, crs=GAUSS_KRUEGER).geometries)
    assert found == pytest.approx(LONLAT, abs=1e-8)


def test_metres_that_call_themselves_degrees_are_refused(tmp_path: Path) -> None:
    """All of them; a single stray point is left out and counted."""
    metres = np.array([[500_000.0, 3_456_789.0]] * 3)
    stray = LONLAT.copy()
    stray[1] = metres[0]

    with pytest.raises(OffTheGlobeError, match="WGS 84"):
        read_layer_file(written(valves(metres), tmp_path / "all.gpkg"))
    one = read_layer_file(written(valves(stray), tmp_path / "one.gpkg"))

    assert (len(one), one.off) == (2, 1)
    assert [row["code"] for row in one.rows] == ["V-1", "V-3"]


def test_of_several_layers_one_has_to_be_chosen(tmp_path: Path) -> None:
    """Tables without shapes do not count."""
    path = written(valves(), tmp_path / "network.gpkg", layer="valves")
    written(valves(), path, layer="mains")
    table = pd.DataFrame({"a": [1]})
    table_only = tmp_path / "table.gpkg"
    pyogrio.write_dataframe(table, table_only, layer="notes")

    with pytest.raises(WhichLayerError, match="2 layers") as several:
        read_layer_file(path)
    with pytest.raises(WhichLayerError, match="no layer 'pipes'"):
        read_layer_file(path, layer="pipes")
    with pytest.raises(NoShapesError):
        read_layer_file(table_only)

    assert several.value.mend == "--layer-in-file one of: valves, mains"
    assert len(read_layer_file(path, layer="mains")) == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.gpkg", b"Dear Sir or Madam, " * 20),
        ("cut.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Feat'),
        ("alone.shp", b"\x00\x00\x27\x0a" + b"\0" * 96),
        ("photo.zip", b"PK\x03\x04 no archive"),
        ("table.csv", b"lon;lat\n7;43\n"),
    ],
)
def test_what_is_no_such_file_is_refused_by_its_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """One sentence, no traceback."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises((UnreadableLayerError, NoShapesError), match=name) as refused:
        read_layer_file(path)

    assert isinstance(refused.value, LayerFileError)
    assert "\n" not in str(refused.value)


def test_a_mistyped_name_and_an_unknown_attribute_are_told(tmp_path: Path) -> None:
    """With the attributes there are."""
    file = read_layer_file(written(valves(), tmp_path / "valves.gpkg"))

    with pytest.raises(MissingLayerFileError, match="there is no file"):
        read_layer_file(tmp_path / "valve.gpkg")
    with pytest.raises(UnknownFieldError, match="'Code'") as unknown:
        file.label_field("Code")

    assert unknown.value.mend == "It has: code, 材质, dn."
