"""The sea is what lies to the right of the shore."""

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.tiles.sea_polygons import sea_polygons

BOX = (0.0, 0.0, 10.0, 10.0)


def _sea(*shores: list[tuple[float, float]]) -> BaseGeometry:
    return shapely.union_all(sea_polygons([shapely.LineString(s) for s in shores], BOX))


def test_land_lies_left_of_the_shore() -> None:
    """A shore running east has the sea in the south; running west, in the north."""
    assert _sea([(-1, 4), (11, 4)]).equals(shapely.box(0, 0, 10, 4))
    assert _sea([(11, 4), (-1, 4)]).equals(shapely.box(0, 4, 10, 10))


def test_an_island_is_cut_out_of_the_sea() -> None:
    """Round an island the shore runs anticlockwise."""
    island = [(4, 1), (6, 1), (6, 3), (4, 3), (4, 1)]

    sea = _sea([(-1, 4), (11, 4)], island)  # type: ignore[arg-type]  # whole numbers are fine

    assert sea.area == pytest.approx(10 * 4 - 2 * 2)


def test_an_island_alone_stands_in_the_sea() -> None:
    """No shore reaches the edge: all around is water."""
    sea = _sea([(4, 4), (6, 4), (6, 6), (4, 6), (4, 4)])

    assert sea.area == pytest.approx(100 - 4)


def test_a_lagoon_of_the_sea_is_water() -> None:
    """Round an enclosed piece of sea the shore runs clockwise."""
    sea = _sea([(4, 4), (4, 6), (6, 6), (6, 4), (4, 4)])

    assert sea.equals(shapely.box(4, 4, 6, 6))


def test_a_shore_in_pieces_is_joined() -> None:
    """Coastlines come in many ways."""
    sea = _sea([(5, 4), (11, 4)], [(-1, 4), (5, 4)])

    assert sea.area == pytest.approx(40)


def test_a_shore_that_ends_just_short_of_the_edge_runs_on_to_it() -> None:
    """Extracts are cut a little inside their bounds; 0.1 is within a fiftieth of the diagonal."""
    sea = _sea([(0.1, 4), (9.9, 4)])

    assert sea.area == pytest.approx(40, rel=0.01)


def test_a_broken_shore_drowns_nobody() -> None:
    """With a gap in the shore, land and sea cannot be told apart: rather no sea."""
    assert _sea([(-1, 4), (5, 4)]).is_empty


def test_without_a_shore_there_is_no_sea() -> None:
    """Most cities."""
    assert sea_polygons([], BOX) == []
    assert _sea([(20, 20), (30, 20)]).is_empty
