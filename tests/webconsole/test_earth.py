"""Lengths and areas as the desk measures them on the map."""

import json

import pytest
from pyproj import Geod

from tests.webconsole.desk_scripts import at_the_desk


def test_lengths_and_areas_are_those_of_the_ellipsoid() -> None:
    """Against pyproj's geodesics, from the equator to the far north, up to a hundred kilometres."""
    lines = [
        [[7.41, 43.73], [7.43, 43.74]],
        [[116.3, 39.9], [117.2, 40.4]],
        [[0.0, -0.2], [0.4, 0.1]],
        [[25.0, 69.0], [25.9, 69.3]],
        [[179.9, 10.0], [-179.9, 10.2]],
    ]
    rings = [
        [[7.41, 43.73], [7.43, 43.73], [7.43, 43.75], [7.41, 43.75]],
        [[116.3, 39.9], [116.5, 39.9], [116.4, 40.1]],
    ]

    lengths_m, areas_m2 = at_the_desk(f"""
        const {{ lengthOf, areaOf }} = await script("crs/geodesy");
        return [{json.dumps(lines)}.map(lengthOf), {json.dumps(rings)}.map(areaOf)];
    """)

    wgs84 = Geod(ellps="WGS84")
    for line, length_m in zip(lines, lengths_m, strict=True):
        expected_m = wgs84.line_length([lon for lon, _ in line], [lat for _, lat in line])
        assert length_m == pytest.approx(expected_m, rel=1e-3)
    for ring, area_m2 in zip(rings, areas_m2, strict=True):
        lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
        expected_m2, _around_m = wgs84.polygon_area_perimeter(lons, lats)
        assert area_m2 == pytest.approx(abs(expected_m2), rel=1e-3)
