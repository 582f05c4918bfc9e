"""Distances of places from the nearest road, beyond the limit within which they are snapped."""

import numpy as np
import shapely

from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from scripts.studies.inputs.points import FloatArray


def distances_to_roads_m(network: RoadNetwork, lonlat: FloatArray) -> FloatArray:
    """Return metres in a straight line to the nearest road, shape ``(n,)``.

    In the scale of the network's middle: good to some per cent for what is far away, which is what
    is asked here. For a list of what was left out, not for deciding what is.
    """
    west, south, east, north = network.bounds
    scale = np.stack(metres_per_degree(np.array((south + north) / 2.0)))
    middle = np.array([(west + east) / 2.0, (south + north) / 2.0])
    roads = network.roads
    street = np.repeat(np.arange(len(roads.geometry_start) - 1), np.diff(roads.geometry_start))
    lines = shapely.linestrings((roads.geometry_lonlat - middle) * scale, indices=street)
    points = shapely.points((lonlat - middle) * scale)
    (at, _), distance_m = shapely.STRtree(lines).query_nearest(
        points, all_matches=False, return_distance=True
    )
    found = np.full(len(points), np.inf)
    found[at] = distance_m
    return found
