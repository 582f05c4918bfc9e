"""`nearcrew reach` as it is typed."""

import csv
import io
import json
from pathlib import Path

import pytest
import shapely

from tests.cities import GridCity
from tests.scripts.command_line import Nearcrew

CITY = GridCity()


def _words(column: float, row: float) -> str:
    lon, lat = CITY.at(column, row)
    return f"{lon},{lat}"


def test_the_reach_of_a_place_is_an_area_for_each_limit(nearcrew: Nearcrew, grid: str) -> None:
    """In a minute one gets three blocks along a row, and not five."""
    said = nearcrew("reach", _words(6, 6), "--minutes", "2", "--minutes", "1", "--pbf", grid)

    assert said.code == 0, said.err
    one, two = json.loads(said.out)["features"]
    assert [one["properties"]["minutes"], two["properties"]["minutes"]] == [1.0, 2.0]
    near, far = shapely.geometry.shape(one["geometry"]), shapely.geometry.shape(two["geometry"])
    assert near.contains(shapely.Point(CITY.at(8.5, 6)))
    assert not near.contains(shapely.Point(CITY.at(11, 6)))
    assert far.contains(shapely.Point(CITY.at(11, 6)))


def test_the_road_reached_is_a_table(nearcrew: Nearcrew, grid: str, tmp_path: Path) -> None:
    """Within one block there are no turns to count."""
    output = tmp_path / "reach.csv"

    said = nearcrew("reach", _words(6.5, 6), "--minutes", "0.15", "--pbf", grid, "-o", str(output))

    # 9 s at 10 m/s are 90 m to either side, in a block of 200 m.
    assert said.code == 0, said.err
    assert list(csv.DictReader(io.StringIO(output.read_text()))) == [
        {"minutes": "0.15", "directed_road_km": "0.2"}
    ]


def test_places_come_from_a_file_and_those_off_every_road_are_told(
    nearcrew: Nearcrew, grid: str, tmp_path: Path
) -> None:
    """The others count."""
    places = tmp_path / "crews.csv"
    lon, lat = CITY.at(1, 1)
    places.write_text(f"name,lon,lat\nshore,{lon},{lat}\nboat,6.5,43.0\n")

    said = nearcrew("reach", "--places", str(places), "--pbf", grid)

    assert said.code == 0
    assert "Left out, off every road: boat" in said.err
    assert json.loads(said.out)["features"][0]["properties"] == {"minutes": 10.0}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "Give places"),
        (("6.5,43.0",), 1, "No place lies within 300 m of a road"),
        (("7.41,43.71", "--minutes", "0"), 2, "above zero"),
        (("7.41,43.71", "--minutes", "nan"), 2, "above zero"),
        (("7.41,43.71", "--places", "x.csv"), 2, "Give places"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    nearcrew: Nearcrew, grid: str, words: tuple[str, ...], code: int, said: str
) -> None:
    """2 for what was typed, 1 for what the roads refuse."""
    answer = nearcrew("reach", *words, "--pbf", grid)

    assert answer.code == code, answer.err
    assert said in answer.err
