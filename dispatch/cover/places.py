"""How far places of one city are from each other."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.roads.types import LonLat

_METRES_PER_DEGREE: Final = 111_195.0


def apart_m(lonlat: LonLat, other: NDArray[np.float64] | LonLat) -> float:
    """Return metres between two places in a straight line; to compare with, not to decide by."""
    east = (other[0] - lonlat[0]) * math.cos(math.radians(lonlat[1]))
    return float(math.hypot(east, other[1] - lonlat[1]) * _METRES_PER_DEGREE)
