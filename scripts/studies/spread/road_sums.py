"""Sum demand at points of the road, so that a country's addresses become a country's streets."""

from dataclasses import dataclass

import numpy as np

from geodata.crs.great_circle import EARTH_RADIUS_M
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads


@dataclass(frozen=True, eq=False)
class RoadSums:
    """Demand summed at points of the road.

    Attributes
    ----------
    points
        The sums; those off the network are in ``points.left_out``.
    moved_m
        How far each kept point of the input was moved, metres, straight.
    """

    points: Points
    moved_m: FloatArray


def sum_on_roads(roads: StudyRoads, points: Points, step_m: float) -> RoadSums:
    """Return demand summed at points every so many metres along each street.

    Each point goes to the nearest point of the nearest street, and from there at most half a step
    along it; zones are kept apart. What a search costs then grows with the streets and no longer
    with the customers. The walk from the street to the door is given up: the report has to say how
    far points were moved.

    Parameters
    ----------
    points
        Demand; the time of each (``at``) is given up.
    step_m
        Above zero.
    """
    placed = roads.place(points)
    kept = placed.points
    edge, offset_m = placed.targets.edge[:, 0], placed.targets.offset_m[:, 0]  # the nearest street
    street = edge // 2
    length_m = np.asarray(roads.router.network.roads.segment_length_m)[street]
    # Both directions of a street count from its beginning.
    along_m = np.clip(np.where(edge % 2 == 0, offset_m, length_m - offset_m), 0.0, length_m)
    steps = np.maximum(np.rint(length_m / step_m), 1.0)
    number = np.rint(along_m / np.where(length_m > 0, length_m, 1.0) * steps).astype(np.int64)
    zone = _numbered(kept.zones, len(kept))
    keys, first, slot = np.unique(
        np.stack((street, number, zone), axis=1), axis=0, return_index=True, return_inverse=True
    )
    share = keys[:, 1] / steps[first]
    places = roads.router.on_edges(2 * keys[:, 0], share * length_m[first]).lonlat
    moved_m = _straight_m(kept.lonlat, places[slot.ravel()])
    weights = np.zeros(len(keys))
    np.add.at(weights, slot.ravel(), kept.weights)
    summed = Points(
        names=tuple(kept.names[one] for one in first.tolist()),
        lonlat=places,
        weights=weights,
        zones=None if kept.zones is None else tuple(kept.zones[one] for one in first.tolist()),
        left_out=kept.left_out,
    )
    return RoadSums(summed, moved_m)


def _numbered(zones: tuple[str, ...] | None, count: int) -> IntArray:
    if zones is None:
        return np.zeros(count, dtype=np.int64)
    return np.unique(np.array(zones), return_inverse=True)[1].astype(np.int64)


def _straight_m(begin: FloatArray, end: FloatArray) -> FloatArray:
    """Return distances on the sphere; a few metres are exact enough for that."""
    lon, lat = np.radians(end - begin).T
    east = lon * np.cos(np.radians(begin[:, 1]))
    return np.asarray(EARTH_RADIUS_M * np.hypot(east, lat))
