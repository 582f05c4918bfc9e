"""`nearcrew route` and `nearcrew matrix` as they are typed."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.db import make_engine
from geodata.ground.service import import_extract
from tests.cities import GridCity
from tests.conftest import Database
from tests.scripts.command_line import Nearcrew

CITY = GridCity()


def _words(column: float, row: float) -> str:
    lon, lat = CITY.at(column, row)
    return f"{lon},{lat}"


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_route_is_told_turn_by_turn(nearcrew: Nearcrew, grid: str) -> None:
    """Half a block, two blocks and a half: 100 m east, then 500 m north."""
    said = nearcrew("route", _words(2.5, 3), _words(3, 5.5), "--pbf", grid)

    # 10 s, 5 s for the left turn and 50 s
    assert said.code == 0, said.err
    assert said.out.splitlines() == [
        "0.6 km, 1.1 min",
        "  Head east on Row 3 for 100 m, then turn left into Column 3",
        "  Follow Column 3 for 500 m to your destination",
    ]


def test_a_route_is_told_in_chinese_and_with_others(nearcrew: Nearcrew, grid: str) -> None:
    """Two lines of the grid lead there equally well."""
    said = nearcrew(
        "route",
        _words(2, 3),
        _words(7, 8),
        "--pbf",
        grid,
        "--language",
        "zh",
        "--alternatives",
        "2",
    )

    assert said.code == 0, said.err
    assert said.out.startswith("Way 1: 2.0 km")
    assert "左转进入 Column" in said.out or "右转进入 Row" in said.out


def test_a_route_goes_into_a_file_of_geojson(nearcrew: Nearcrew, grid: str, tmp_path: Path) -> None:
    """The ending says so."""
    output = tmp_path / "way.geojson"

    said = nearcrew("route", _words(0, 0), _words(1, 0), "--pbf", grid, "-o", str(output))

    assert (said.code, said.out) == (0, "")
    (feature,) = json.loads(output.read_text())["features"]
    assert feature["geometry"]["type"] == "LineString"
    assert feature["properties"]["travel_time_s"] == pytest.approx(20.0, rel=6e-3)
    assert [step["kind"] for step in feature["properties"]["steps"]] == ["depart", "arrive"]


def test_the_steps_of_a_route_are_a_table(nearcrew: Nearcrew, grid: str, tmp_path: Path) -> None:
    """One row for each thing to do."""
    output = tmp_path / "way.csv"

    said = nearcrew("route", _words(0, 0), _words(1, 1), "--pbf", grid, "-o", str(output))

    assert said.code == 0, said.err
    rows = _table(output.read_text())
    assert [row["kind"] for row in rows] == ["depart", "turn", "arrive"]


def test_western_longitudes_are_no_options(nearcrew: Nearcrew, tmp_path: Path) -> None:
    """Most of the Americas, and Porto, begin with a minus."""
    city = GridCity(west=-8.61, south=41.15)
    extract = city.write(tmp_path / "west.osm")
    begin, end = ("{},{}".format(*city.at(column, 2)) for column in (1, 4))

    said = nearcrew("route", begin, end, "--pbf", str(extract))

    assert said.code == 0, said.err
    assert said.out.startswith("0.6 km, 1.0 min")


def test_many_ways_are_told_at_once_and_none_stops_the_others(
    nearcrew: Nearcrew, grid: str, tmp_path: Path
) -> None:
    """A table in, a table out; a problem has a column of its own."""
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "\ufefffrom_lon;from_lat;to_lon;to_lat\n"
        + ";".join(map(str, CITY.at(0, 0) + CITY.at(3, 0)))
        + "\n"
        + ";".join(map(str, (*CITY.at(0, 0), 6.0, 43.7)))
        + "\n",
        encoding="utf-8",
    )

    said = nearcrew("route", "--pairs", str(pairs), "--pbf", grid)

    near, far = _table(said.out)
    assert float(near["travel_time_s"]) == pytest.approx(60.0, rel=6e-3)
    assert float(near["length_m"]) == pytest.approx(600.0, rel=3e-3)
    assert (near["problem"], far["problem"], far["length_m"]) == ("", "off_road", "")


def test_a_matrix_has_one_row_per_pair(nearcrew: Nearcrew, grid: str, tmp_path: Path) -> None:
    """Rows are origins; what no road leads to stays empty."""
    crews, incidents = tmp_path / "crews.csv", tmp_path / "incidents.geojson"
    lines = ["name,longitude,latitude"]
    lines += [f"crew {column},{CITY.at(column, 0)[0]},{CITY.at(column, 0)[1]}" for column in (1, 4)]
    lines.append("at sea,6.0,42.0")
    crews.write_text("\n".join(lines))
    incidents.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"id": 17},
                        "geometry": {"type": "Point", "coordinates": CITY.at(2, 0)},
                    }
                ],
            }
        )
    )

    said = nearcrew("matrix", str(crews), str(incidents), "--pbf", grid)

    assert said.code == 0, said.err
    rows = _table(said.out)
    assert [(row["origin"], row["target"]) for row in rows] == [
        ("crew 1", "17"),
        ("crew 4", "17"),
        ("at sea", "17"),
    ]
    assert [row["travel_time_s"] for row in rows][2] == ""
    assert [float(row["travel_time_s"]) for row in rows[:2]] == pytest.approx([20, 40], abs=0.2)


def test_a_wide_matrix_has_one_row_per_origin(
    nearcrew: Nearcrew, grid: str, tmp_path: Path
) -> None:
    """As spreadsheets like it; and GeoJSON as maps do."""
    places = tmp_path / "places.csv"
    places.write_text(
        "lat,lon\n" + "\n".join(f"{CITY.at(c, 0)[1]},{CITY.at(c, 0)[0]}" for c in (0, 1, 2))
    )

    wide = nearcrew("matrix", str(places), str(places), "--pbf", grid, "--wide")
    output = tmp_path / "matrix.geojson"
    nearcrew("matrix", str(places), str(places), "--pbf", grid, "-o", str(output))

    assert wide.out.splitlines()[0] == "origin,1,2,3"
    assert wide.out.splitlines()[1].startswith("1,0.0,")
    features = json.loads(output.read_text())["features"]
    assert features[0]["properties"]["travel_times_s"]["3"] == pytest.approx(40.0, abs=0.2)


def test_a_second_run_finds_the_streets_in_the_cache(nearcrew: Nearcrew, grid: str) -> None:
    """The extract is not read again."""
    first = nearcrew("route", _words(0, 0), _words(1, 0), "--pbf", grid)
    second = nearcrew("route", _words(0, 0), _words(1, 0), "--pbf", grid)

    assert "Reading grid.osm" in first.err
    assert "Reading grid.osm" not in second.err
    assert first.out == second.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("route", "7.4,43.7"), 2, "Give two places"),
        (("route", "here", "there"), 2, "'here' is not LON,LAT"),
        (("route", "7.4,abc", "7.4,43.7"), 2, "are not two numbers"),
        (("route", "43.7,107.4", "7.4,43.7"), 2, "Longitude comes first"),
        (("route", "nan,43.7", "7.4,43.7"), 2, "nowhere on earth"),
        (("route", "43.71,7.41", "7.41,43.71"), 1, "are longitude and latitude swapped?"),
        (("route", "7.41,43.71", "7.2,43.71"), 1, "The nearest road is"),
        (("route", "7.41,43.71", "7.42,43.71", "-o", "way.txt"), 2, "the ending says what"),
        (("matrix", "nowhere.csv", "nowhere.csv"), 2, "nowhere.csv cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    nearcrew: Nearcrew, grid: str, words: tuple[str, ...], code: int, said: str
) -> None:
    """2 for what was typed, 1 for what the roads refuse; never a traceback."""
    answer = nearcrew(*words, "--pbf", grid)

    assert answer.code == code, answer.err
    assert said in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "lon,lat\n7.4,43.7\n7.4,far\n", "a.csv, line 3: '7.4', 'far' are not two"),
        ("b.csv", "east,north\n7.4,43.7\n", "has no columns lon and lat"),
        ("c.csv", "lon,lat\n", "holds no places"),
        ("d.geojson", "{", "is not JSON"),
        ("e.geojson", '{"type": "FeatureCollection"}', "is not GeoJSON"),
        ("f.geojson", '{"type": "LineString", "coordinates": []}', "is a LineString, not a point"),
        ("g.geojson", '{"type": "Point", "coordinates": [1]}', "is not a GeoJSON point"),
        ("h.csv", b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(
    nearcrew: Nearcrew, grid: str, tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    """So that it can be mended."""
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    answer = nearcrew("matrix", str(file), str(file), "--pbf", grid)

    assert answer.code == 2, answer.err
    assert said in answer.err


def test_a_missing_extract_is_refused(nearcrew: Nearcrew, tmp_path: Path) -> None:
    """With its name."""
    answer = nearcrew("route", "7.4,43.7", "7.5,43.7", "--pbf", str(tmp_path / "gone.osm.pbf"))

    assert answer.code == 2
    assert "gone.osm.pbf" in answer.err


@pytest.fixture
def imported(database: Database, tmp_path: Path) -> Iterator[Database]:
    """Import the grid as the ground in use."""
    engine = make_engine(database.owner_url)
    import_extract(engine, CITY.write(tmp_path / "ground.osm"), name="Grid")
    yield database
    engine.dispose()


@pytest.mark.postgis
def test_without_an_extract_the_imported_city_is_asked(
    nearcrew: Nearcrew, imported: Database
) -> None:
    """The same streets the servers use."""
    urls = {"DATABASE_URL": imported.app_url, "DATABASE_ADMIN_URL": imported.owner_url}

    said = nearcrew("route", _words(2, 3), _words(4, 3), **urls)

    assert said.code == 0, said.err
    assert said.out.splitlines()[1] == "  Head east on Row 3 for 400 m to your destination"
