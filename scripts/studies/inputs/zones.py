"""Zones of points, from outlines."""

from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import shapely

from scripts.errors import UsageError
from scripts.studies.inputs.map_file import read_map_in_degrees
from scripts.studies.inputs.points import Points

OUTSIDE = ""
"""The zone of a point in none."""


def read_outlines(file: Path, column: str = "name") -> geopandas.GeoDataFrame:
    """Return areas with their names in ``name``, WGS 84.

    Raises
    ------
    UsageError
        If the file cannot be read, names no CRS, has no such column or holds other things.
    """
    areas = read_map_in_degrees(file)
    if column not in areas.columns:
        message = f"{file} has no column {column}."
        raise UsageError(message, mend=f"It has: {', '.join(map(str, areas.columns))}.")
    dimensions = shapely.get_dimensions(np.asarray(areas.geometry.array))
    wrong = np.flatnonzero(dimensions != 2)  # noqa: PLR2004 - areas
    if len(wrong):
        message = f"{file}, feature {int(wrong[0]) + 1} is no area."
        raise UsageError(message)
    return geopandas.GeoDataFrame(
        {"name": areas[column].astype(str)}, geometry=areas.geometry, crs=areas.crs
    )


def name_zones(points: Points, outlines: geopandas.GeoDataFrame) -> Points:
    """Return points with the zone that each lies in: the first of several, `OUTSIDE` in none."""
    tree = shapely.STRtree(np.asarray(outlines.geometry.array))
    at, area = tree.query(shapely.points(points.lonlat), predicate="intersects")
    first = np.full(len(points), len(outlines), dtype=np.int64)
    np.minimum.at(first, at, area)
    names = [*outlines["name"].tolist(), OUTSIDE]
    return replace(points, zones=tuple(names[one] for one in first.tolist()))
