"""Closures drawn in a file."""

from datetime import UTC
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import pytest
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import ClosedStretch
from scripts.errors import UsageError
from scripts.studies.inputs.closure_file import read_closures


def _write(folder: Path, *shapes: shapely.Geometry, crs: str | None = "EPSG:4326") -> Path:
    frame = geopandas.GeoDataFrame(geometry=list(shapes), crs=crs)
    frame.to_file(folder / "works.geojson", engine="pyogrio")
    return folder / "works.geojson"


def test_areas_close_what_is_within_and_lines_the_road_along_them(tmp_path: Path) -> None:
    """Each with a name by which an error can say it."""
    line = shapely.LineString([(7.42, 43.73), (7.43, 43.74)])
    file = _write(tmp_path, shapely.box(7.4, 43.7, 7.41, 43.71), line)

    area, stretch = read_closures(file)

    assert isinstance(area.place, ClosedArea)
    assert area.place.polygon.bounds == (7.4, 43.7, 7.41, 43.71)
    assert stretch.place == ClosedStretch(((7.42, 43.73), (7.43, 43.74)))
    assert (area.key, stretch.key) == (f"{file}, feature 1", f"{file}, feature 2")


def test_a_closure_begins_and_ends_as_its_columns_tell(tmp_path: Path) -> None:
    """Times without a zone are of the one that is given; empty cells say nothing."""
    line = shapely.LineString([(7.42, 43.73), (7.43, 43.74)])
    told = {
        "from_at": ["2026-03-02T06:00", None],
        "until_at": ["2026-03-02T08:00+01:00", None],
        "direction": ["along", None],
    }
    frame = geopandas.GeoDataFrame(told, geometry=[line, line], crs="EPSG:4326")
    frame.to_file(tmp_path / "works.geojson", engine="pyogrio")
    begin = datetime(2026, 3, 1, tzinfo=UTC)

    first, second = read_closures(tmp_path / "works.geojson", begin, ZoneInfo("Europe/Lisbon"))

    assert first.from_at == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert first.until_at == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert (second.from_at, second.until_at) == (begin, None)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (shapely.Point(7.4, 43.7), "feature 1 is neither an area nor a line"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "feature 1: the outline .* must not"),
    ],
)
def test_what_closes_nothing_is_refused(tmp_path: Path, shape: shapely.Geometry, said: str) -> None:
    """A point has no roads within; nobody knows what a crossed outline means."""
    with pytest.raises(UsageError, match=said):
        read_closures(_write(tmp_path, shape))
