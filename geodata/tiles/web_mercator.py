"""Web Mercator (SRID 3857), the projection of map tiles."""

from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.tiles.zoom_bands import EARTH_GIRTH_M

RADIUS_M = EARTH_GIRTH_M / (2 * np.pi)

# The plane is square: it ends where y reaches half the girth. Nobody dispatches beyond.
MAX_LAT = 85.0511287

Geometries = TypeVar("Geometries", bound=NDArray[np.object_])


def project(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return web Mercator x, y of WGS 84 positions, longitude first, shape ``(n, 2)``."""
    lon = np.radians(lonlat[:, 0])
    lat = np.radians(np.clip(lonlat[:, 1], -MAX_LAT, MAX_LAT))
    return np.column_stack([lon, np.log(np.tan(np.pi / 4 + lat / 2))]) * RADIUS_M


def project_shapes(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes in WGS 84 as shapes in web Mercator."""
    projected: NDArray[np.object_] = shapely.transform(shapes, project)
    return projected


def ground_scale(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the true metres of a web Mercator metre at ``y``: the cosine of the latitude.

    Exact on the sphere; on the ellipsoid it is off by less than 0.4 %, which is nothing for
    choosing what to draw. Not for measuring.
    """
    scale: NDArray[np.float64] = 1 / np.cosh(y / RADIUS_M)
    return scale
