"""Areas whose cover is told, and which street points lie in each. Pure geometry.

Response areas where some are drawn, else districts, else nine quarters of the ground.
"""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dispatch.cover.types import AreaKind

FEWEST_POINTS: Final = 10
"""An area with fewer is too small for a share to mean anything."""
QUARTERS: Final = (
    *("south-west", "south", "south-east"),
    *("west", "centre", "east"),
    *("north-west", "north", "north-east"),
)
"""Row by row from the south-west; pages have the words for them."""
_SIDE: Final = 3


@dataclass(frozen=True, slots=True)
class Outline:
    """An area as it is drawn."""

    kind: str
    name: str
    name_zh: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas with the points in them.

    Attributes
    ----------
    of_point
        The number of each point's area, -1 where it has none; shape ``(p,)``.
    """

    kind: AreaKind
    names: Sequence[tuple[str, str]]
    of_point: NDArray[np.int64]
    outlines: Sequence[shapely.Geometry]

    def containing(self, lonlat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the number of the area in which each place lies, -1 outside all."""
        return _containing(self.outlines, lonlat)


def find_areas(outlines: Sequence[Outline], lonlat: NDArray[np.float64]) -> Areas:
    """Return the areas of a ground.

    Parameters
    ----------
    outlines
        All zones that are drawn.
    lonlat
        Points spread over its streets, shape ``(p, 2)``.
    """
    kind = drawn_kind({each.kind for each in outlines})
    if kind is not None:
        # Of areas that overlap, the smaller one says more about a place.
        drawn = sorted(
            (each for each in outlines if each.kind == kind.value),
            key=lambda each: float(shapely.area(each.shape)),
        )
        names = [(each.name, each.name_zh) for each in drawn]
        return _areas(kind, names, [each.shape for each in drawn], lonlat)
    return _areas(AreaKind.QUARTER, [(each, "") for each in QUARTERS], _grid(lonlat), lonlat)


def drawn_kind(kinds: Collection[str]) -> AreaKind | None:
    """Return by which zones cover is told, of the kinds that are drawn; None: by quarters."""
    preferred = (AreaKind.RESPONSE_AREA, AreaKind.DISTRICT)
    return next((kind for kind in preferred if kind.value in kinds), None)


def _areas(
    kind: AreaKind,
    names: Sequence[tuple[str, str]],
    shapes: Sequence[shapely.Geometry],
    lonlat: NDArray[np.float64],
) -> Areas:
    of_point = _containing(shapes, lonlat)
    counts = np.bincount(of_point[of_point >= 0], minlength=len(shapes))
    few = counts < FEWEST_POINTS
    of_point[(of_point >= 0) & few[of_point]] = -1
    return Areas(kind, names, of_point, shapes)


def _containing(
    shapes: Sequence[shapely.Geometry], lonlat: NDArray[np.float64]
) -> NDArray[np.int64]:
    found = np.full(len(lonlat), -1, dtype=np.int64)
    for number in reversed(range(len(shapes))):
        found[shapely.contains_xy(shapes[number], lonlat)] = number
    return found


def _grid(lonlat: NDArray[np.float64]) -> list[shapely.Geometry]:
    """Return nine boxes around the points, row by row from the south-west."""
    if not len(lonlat):
        return [shapely.Polygon()] * len(QUARTERS)
    west, south = lonlat.min(axis=0) - 1e-6
    east, north = lonlat.max(axis=0) + 1e-6
    lons, lats = np.linspace(west, east, _SIDE + 1), np.linspace(south, north, _SIDE + 1)
    return [
        shapely.box(lons[column], lats[row], lons[column + 1], lats[row + 1])
        for row in range(_SIDE)
        for column in range(_SIDE)
    ]
