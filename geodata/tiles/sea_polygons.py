"""Build sea polygons from coastlines, since OpenStreetMap maps only the shore."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray

# Extracts are cut a few hundred metres beyond their declared bounds or just short of them. A shore
# that ends within this part of the box's diagonal from its edge is taken to run on to it.
REACH = 0.02

# Shares of shore that must agree on a polygon being sea. A leaky coastline makes both sides one.
AGREEMENT = 0.9


def sea_polygons(
    coastlines: list[shapely.LineString], bounds: tuple[float, float, float, float]
) -> list[shapely.Polygon]:
    """Return the parts of a box that are sea.

    Coastlines have the land on their left. The box is cut along them; a piece is sea if the shores
    that border it have it on their right. When the shore is broken, land and sea run into one
    piece whose shores disagree; nothing is returned for it, because a flooded town is worse than a
    missing sea.

    Parameters
    ----------
    coastlines
        Lines in WGS 84, longitude first, in any number of pieces.
    bounds
        West, south, east, north, degrees.

    Returns
    -------
    sea
        In WGS 84; empty without coastlines.
    """
    if not coastlines:
        return []
    box = shapely.box(*bounds)
    merged = shapely.line_merge(shapely.MultiLineString(coastlines), directed=True)
    shores = [_to_the_edge(line, box) for line in shapely.get_parts(merged)]
    inside = [
        part
        for shore in shores
        for part in shapely.get_parts(shapely.intersection(shore, box))
        if part.geom_type == "LineString"
    ]
    if not inside:
        return []
    pieces = shapely.get_parts(
        shapely.polygonize([shapely.node(shapely.union_all([box.exterior, *inside]))])
    )
    right, left = _sides(inside)
    tree = shapely.STRtree(pieces)
    on_right = np.bincount(tree.query(right, predicate="within")[1], minlength=len(pieces))
    on_left = np.bincount(tree.query(left, predicate="within")[1], minlength=len(pieces))
    sea = on_right > AGREEMENT * (on_right + on_left)
    return [piece for piece, is_sea in zip(pieces, sea, strict=True) if is_sea]


def _to_the_edge(line: shapely.LineString, box: shapely.Polygon) -> shapely.LineString:
    """Return a shore extended to the edge of the box if it ends just short of it."""
    if line.is_closed:
        return line
    west, south, east, north = box.bounds
    reach = REACH * math.hypot(east - west, north - south)
    points = [tuple(point) for point in shapely.get_coordinates(line).tolist()]
    for end, place in ((0, 0), (-1, len(points))):
        point = shapely.Point(points[end])
        if box.contains(point) and box.exterior.distance(point) < reach:
            edge = shapely.get_coordinates(shapely.shortest_line(point, box.exterior))[1]
            # A hair beyond the edge, so that rounding cannot leave a gap.
            over = edge + (edge - np.array(points[end])) * 0.01
            points.insert(place if end == 0 else len(points), tuple(over.tolist()))
    return shapely.LineString(points)


def _sides(
    lines: list[shapely.LineString],
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return points just to the right and just to the left of every step of the lines."""
    right, left = [], []
    for line in lines:
        points = shapely.get_coordinates(line)
        step = np.diff(points, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        keep = length > 0
        middle = (points[:-1] + points[1:])[keep] / 2
        # As near as a thousandth of the step: narrow moles and harbour mouths stay apart.
        aside = np.column_stack([step[keep, 1], -step[keep, 0]]) * 1e-3
        right.append(middle + aside)
        left.append(middle - aside)
    return _points(right), _points(left)


def _points(coordinates: list[NDArray[np.float64]]) -> NDArray[np.object_]:
    return np.asarray(shapely.points(np.concatenate(coordinates)), dtype=np.object_)
