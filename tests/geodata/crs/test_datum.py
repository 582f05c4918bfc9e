"""Shifted coordinates of Chinese maps, here and in the browser's twin of the same formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.crs.datum import SHIFTED_FRAME
from geodata.crs.datum import Datum
from geodata.crs.datum import from_wgs84
from geodata.crs.datum import to_wgs84
from tests.shared_vectors import vectors

METRES_PER_DEGREE = 111_195.0
# WGS 84 and GCJ-02, longitude first: the test vectors of googollee/eviltransform (Shanghai,
# Shenzhen, Beijing) and the example of wandergis/coordtransform.
WGS_AND_GCJ = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]
# GCJ-02 and BD-09, of wandergis/coordtransform. Its own way back is good to half a metre only.
GCJ_AND_BD = [((116.404, 39.915), (116.41036949371029, 39.92133699351021))]
MONACO = (7.42, 43.73)

west, south, east, north = SHIFTED_FRAME
inside = st.tuples(st.floats(west + 0.01, east - 0.01), st.floats(south + 0.01, north - 0.01))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance on the sphere, good enough for less than a kilometre."""
    (lon, lat), (other_lon, other_lat) = one, other
    east_m = (other_lon - lon) * np.cos(np.radians(lat)) * METRES_PER_DEGREE
    return float(np.hypot(east_m, (other_lat - lat) * METRES_PER_DEGREE))


def there(lonlat: tuple[float, float], datum: Datum) -> tuple[float, float]:
    """Return one WGS 84 position in a datum."""
    lon, lat = from_wgs84(*lonlat, datum)
    return float(lon), float(lat)


def back(lonlat: tuple[float, float], datum: Datum) -> tuple[float, float]:
    """Return the WGS 84 position of one in a datum."""
    lon, lat = to_wgs84(*lonlat, datum)
    return float(lon), float(lat)


@pytest.mark.parametrize(("wgs", "gcj"), WGS_AND_GCJ)
def test_the_shift_is_the_published_one(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    """To the last digits that were published, and back to a centimetre."""
    assert there(wgs, Datum.GCJ02) == pytest.approx(gcj, abs=1e-9)
    assert metres_between(back(gcj, Datum.GCJ02), wgs) < 0.01


@pytest.mark.parametrize(("gcj", "baidu"), GCJ_AND_BD)
def test_baidu_shifts_the_shifted_once_more(
    gcj: tuple[float, float], baidu: tuple[float, float]
) -> None:
    """BD-09 is built on GCJ-02."""
    wgs = back(gcj, Datum.GCJ02)

    assert there(wgs, Datum.BD09) == pytest.approx(baidu, abs=1e-9)
    assert metres_between(back(baidu, Datum.BD09), wgs) < 0.01


@given(lonlat=inside, datum=st.sampled_from(list(Datum)))
def test_there_and_back_is_the_same_place(lonlat: tuple[float, float], datum: Datum) -> None:
    """To a millimetre, anywhere in the frame."""
    assert metres_between(back(there(lonlat, datum), datum), lonlat) < 0.001


@given(lonlat=anywhere, datum=st.sampled_from(list(Datum)))
def test_no_position_is_moved_by_more_than_two_kilometres(
    lonlat: tuple[float, float], datum: Datum
) -> None:
    """A shift that runs away would send a crew to another town."""
    assert metres_between(lonlat, there(lonlat, datum)) < 2000
    assert metres_between(lonlat, back(lonlat, datum)) < 2000


def test_outside_the_frame_only_baidu_shifts() -> None:
    """GCJ-02 of Monaco is WGS 84; BD-09 is not."""
    assert there(MONACO, Datum.GCJ02) == MONACO
    assert back(MONACO, Datum.GCJ02) == MONACO
    assert metres_between(there(MONACO, Datum.BD09), MONACO) > 500
    assert metres_between(back(there(MONACO, Datum.BD09), Datum.BD09), MONACO) < 0.001


def test_many_positions_are_shifted_as_each_alone() -> None:
    """Whatever the shape of the arrays, inside and outside mixed."""
    lonlat = np.array([[*WGS_AND_GCJ[0][0]], [*MONACO], [*WGS_AND_GCJ[3][0]]])

    lon, lat = from_wgs84(lonlat[:, 0].reshape(3, 1), lonlat[:, 1].reshape(3, 1), Datum.BD09)

    assert lon.shape == lat.shape == (3, 1)
    for row, at in enumerate(lonlat.tolist()):
        assert (float(lon[row, 0]), float(lat[row, 0])) == there((at[0], at[1]), Datum.BD09)


def test_the_server_shifts_as_the_vectors_of_the_browser_say() -> None:
    """One map, two programs: a pin must not jump when it is saved."""
    places = vectors("shifted_places")

    assert len(places) > 60
    for each in places:
        lonlat = (each["at"][0], each["at"][1])
        for datum in (Datum.GCJ02, Datum.BD09):
            expected = each[datum.value]
            assert there(lonlat, datum) == pytest.approx(expected[0], rel=0, abs=1e-10)
            assert back(lonlat, datum) == pytest.approx(expected[1], rel=0, abs=1e-10)
        assert there(lonlat, Datum.WGS84) == back(lonlat, Datum.WGS84) == lonlat
