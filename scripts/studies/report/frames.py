"""Frames for the layers of reports."""

from collections.abc import Sequence
from typing import Any

import geopandas
import numpy as np

from scripts.studies.inputs.points import FloatArray

_WGS84 = "EPSG:4326"


def points_frame(
    lonlat: FloatArray, **columns: Sequence[Any] | np.ndarray[Any, Any]
) -> geopandas.GeoDataFrame:
    """Return points with columns; WGS 84, longitude first, shape ``(n, 2)``."""
    return geopandas.GeoDataFrame(
        columns, geometry=geopandas.points_from_xy(lonlat[:, 0], lonlat[:, 1]), crs=_WGS84
    )
