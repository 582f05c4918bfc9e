"""The lengths and areas that the desk's measuring is held to."""

import pytest
from pyproj import Geod

from tests.shared_vectors import vectors


def test_lengths_and_areas_are_those_of_geodesics() -> None:
    """By pyproj on WGS 84, to the last digit that is written."""
    wgs84 = Geod(ellps="WGS84")

    for each in vectors("lengths_and_areas"):
        lons, lats = zip(*each.get("line", each.get("ring")), strict=True)
        if "line" in each:
            assert each["length_m"] == pytest.approx(wgs84.line_length(lons, lats), abs=1e-3)
        else:
            area_m2, _around_m = wgs84.polygon_area_perimeter(lons, lats)
            assert each["area_m2"] == pytest.approx(abs(area_m2), abs=0.1)
