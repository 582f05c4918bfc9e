"""Points read from files: every row counts, or is left out with a reason."""

from datetime import UTC
from datetime import datetime
from pathlib import Path

import geopandas
import pytest
import shapely

from scripts.errors import UsageError
from scripts.studies.inputs.reading import Columns
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.reading import read_points
from scripts.studies.inputs.zones import name_zones
from scripts.studies.inputs.zones import read_outlines


def _table(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "demand.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_weights_zones_and_times_are_read(tmp_path: Path) -> None:
    """Times are of the zone they say, or of the one that is given."""
    file = _table(
        tmp_path,
        "name;lon;lat;weight;zone;at\n"
        "a;7.42;43.73;5;north;2026-07-01T10:00:00+02:00\n"
        "b;7.43;43.74;0;south;2026-07-01 10:00\n",
    )

    points = read_points(file, Reading(time_zone="Europe/Lisbon"))

    assert points.names == ("a", "b")
    assert points.lonlat.tolist() == [[7.42, 43.73], [7.43, 43.74]]
    assert points.weights.tolist() == [5.0, 0.0]
    assert points.zones == ("north", "south")
    # 10:00 in summer is 08:00 UTC at +02:00, and 09:00 UTC in Lisbon.
    assert points.at == tuple(datetime(2026, 7, 1, hour, tzinfo=UTC) for hour in (8, 9))
    assert points.left_out == ()


def test_each_row_that_does_not_count_says_why(tmp_path: Path) -> None:
    """And its demand is known where it has one."""
    file = _table(
        tmp_path,
        "name,lon,lat,weight\n"
        "good,7.42,43.73,1\n"
        "empty,,,2\n"
        "words,here,there,3\n"
        "far,190,43,4\n"
        "swapped,43.73,107.42,5\n"
        "minus,7.42,43.73,-6\n"
        "none,7.42,43.73,\n"
        "nan,7.42,43.73,nan\n"
        "good,7.42,43.73,9\n",
    )

    points = read_points(file)

    assert points.names == ("good",)
    assert [(one.name, one.reason, one.weight) for one in points.left_out] == [
        ("empty", "empty_geometry", 2.0),
        ("words", "not_a_number", 3.0),
        ("far", "not_a_place", 4.0),
        ("swapped", "swapped", 5.0),
        ("minus", "negative_weight", 0.0),
        ("none", "missing_weight", 0.0),
        ("nan", "not_a_number", 0.0),
        ("good", "duplicate", 9.0),
    ]
    assert points.left_out[0].where == f"{file}, line 3"


def test_strict_makes_the_first_such_row_an_error(tmp_path: Path) -> None:
    """It names file and row."""
    file = _table(tmp_path, "name,lon,lat,weight\na,7.42,43.73,1\nb,7.42,43.73,-1\n")

    with pytest.raises(UsageError, match=r"demand.csv, line 3: b does not count \(negative weight"):
        read_points(file, Reading(strict=True))


def test_a_decimal_comma_is_read_where_cells_are_apart_otherwise(tmp_path: Path) -> None:
    """As spreadsheets of half of Europe write it; a row that is short has no weight."""
    file = _table(tmp_path, "name;lon;lat;weight\na;7,42;43,73;5\n\nb;7,43;43,74\n")

    points = read_points(file)

    assert points.lonlat.tolist() == [[7.42, 43.73]]
    assert [(one.name, one.reason) for one in points.left_out] == [("b", "missing_weight")]


def test_rows_without_names_may_share_a_place(tmp_path: Path) -> None:
    """They are flats of one house."""
    points = read_points(_table(tmp_path, "lon,lat\n7.42,43.73\n7.42,43.73\n"))

    assert len(points) == 2


def test_two_incidents_at_one_place_are_two(tmp_path: Path) -> None:
    """Unless they are of one moment."""
    row = "pump,7.42,43.73,2026-07-01T10:0{}:00Z\n"

    points = read_points(_table(tmp_path, "name,lon,lat,at\n" + "".join(map(row.format, "011"))))

    assert len(points) == 2
    assert [one.reason for one in points.left_out] == ["duplicate"]


def test_plane_coordinates_need_a_crs_and_are_turned_into_degrees(tmp_path: Path) -> None:
    """500 000 m east in UTM zone 32 is the meridian of 9 degrees."""
    file = _table(tmp_path, "x,y\n500000,4843000\n")

    with pytest.raises(UsageError) as refused:
        read_points(file)
    points = read_points(file, Reading(crs="EPSG:32632"))

    assert refused.value.mend.startswith("--crs EPSG:")
    assert points.lonlat[0, 0] == pytest.approx(9.0)


@pytest.mark.parametrize("name", ["demand.gpkg", "demand.geojson", "demand.shp"])
def test_maps_are_read_in_their_own_crs(tmp_path: Path, name: str) -> None:
    """An area counts at a point within it; no shape at all counts nowhere."""
    ring = shapely.box(9.0, 43.7, 9.1, 43.8)
    frame = geopandas.GeoDataFrame(
        {"code": ["p", "q", "r"], "customers": [2.0, 3.0, 4.0]},
        geometry=[shapely.Point(9.0, 43.7), ring, shapely.Point()],
        crs="EPSG:4326",
    )
    if name == "demand.shp":  # of one kind of shape only
        frame.geometry = [shapely.box(8.9, 43.6, 9.1, 43.8), ring, shapely.Polygon()]
    crs = "EPSG:4326" if name == "demand.geojson" else "EPSG:32632"
    frame.to_crs(crs).to_file(tmp_path / name)

    points = read_points(tmp_path / name)

    assert points.names == ("p", "q")
    assert points.weights.tolist() == [2.0, 3.0]
    assert points.lonlat[0].tolist() == pytest.approx([9.0, 43.7], abs=1e-4)
    assert ring.contains(shapely.Point(points.lonlat[1]))
    assert [(one.name, one.reason, one.weight) for one in points.left_out] == [
        ("r", "empty_geometry", 4.0)
    ]


def test_a_map_without_crs_is_refused_and_a_contradiction_too(tmp_path: Path) -> None:
    """Neither is guessed."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(9.0, 43.7)])
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(tmp_path / "plain.gpkg")
    frame.set_crs("EPSG:4326").to_file(tmp_path / "stated.gpkg")

    with pytest.raises(UsageError, match="does not say its coordinate reference system"):
        read_points(tmp_path / "plain.gpkg")
    with pytest.raises(UsageError, match="is in WGS 84, not in"):
        read_points(tmp_path / "stated.gpkg", Reading(crs="EPSG:32632"))

    assert len(read_points(tmp_path / "plain.gpkg", Reading(crs="EPSG:4326"))) == 1


@pytest.mark.parametrize(
    ("text", "how", "said"),
    [
        ("name,place\na,b\n", Reading(), "no columns lon and lat"),
        ("lon,lat\n1,2\n", Reading(columns=Columns(weight="people")), "no column people"),
        ("lon,lat,weight\n1,2,-1\n", Reading(), "no place that counts. The first: .*line 2"),
        ("lon,lat\n1,2\n", Reading(crs="EPSG:0"), "'EPSG:0' is no coordinate reference system"),
        ("lon,lat,at\n1,2,2026-01-01 10:00\n", Reading(), "does not say its time zone"),
        ("name,lon,lat\na,7,42,43,73\n", Reading(), "line 2 has more cells than the first line"),
        ('name,lon,lat\n"a,1,2\nb,3,4\n', Reading(), "line 3: unexpected end of data"),
        ("lon,lat\n1,2\n", Reading(time_zone="Nowhere"), "no time zone 'Nowhere'"),
        ("lon,lat,weight\n1,2,1e308\n1,3,1e308\n", Reading(), "add up to more than a number"),
        ("name,lon,lat\n", Reading(), "no rows below its first line"),
    ],
)
def test_what_is_wrong_with_a_whole_file_is_an_error(
    tmp_path: Path, text: str, how: Reading, said: str
) -> None:
    """Each says the file and what to do."""
    with pytest.raises(UsageError, match=said):
        read_points(_table(tmp_path, text), how)


def test_a_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    """Missing, or something else under that name."""
    (tmp_path / "broken.gpkg").write_text("no map")
    (tmp_path / "picture.geojson").write_bytes(b"\x89PNG\x00\xff")

    for name in ("missing.csv", "missing.gpkg", "broken.gpkg", "picture.geojson"):
        with pytest.raises(UsageError, match=f"{name} cannot be read"):
            read_points(tmp_path / name)


def test_a_map_without_features_holds_no_place(tmp_path: Path) -> None:
    """It is told, as everything else."""
    (tmp_path / "none.geojson").write_text('{"type": "FeatureCollection", "features": []}')

    with pytest.raises(UsageError, match="no place that counts"):
        read_points(tmp_path / "none.geojson")


def test_of_several_layers_one_is_named(tmp_path: Path) -> None:
    """None is guessed."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(9.0, 43.7)], crs="EPSG:4326")
    frame.to_file(tmp_path / "two.gpkg", layer="one")
    frame.to_file(tmp_path / "two.gpkg", layer="other")

    with pytest.raises(UsageError, match="several layers: one, other"):
        read_points(tmp_path / "two.gpkg")

    assert len(read_points(tmp_path / "two.gpkg", Reading(layer="other"))) == 1


def test_points_get_the_zone_they_lie_in(tmp_path: Path) -> None:
    """The first of two that overlap; none outside."""
    frame = geopandas.GeoDataFrame(
        {"name": ["west", "east"]},
        geometry=[shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "zones.gpkg")
    points = read_points(_table(tmp_path, "lon,lat\n0.5,0.5\n1.5,0.5\n2.5,0.5\n3.5,0.5\n"))

    named = name_zones(points, read_outlines(tmp_path / "zones.gpkg"))

    assert named.zones == ("west", "west", "east", "")
