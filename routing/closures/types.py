"""Closures: what is closed, from when until when.

Closures name their place by positions, not in numbers of streets: those change with every import of
the ground, while the trench stays where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from typing import Self
from typing import TypeAlias

import numpy as np
import shapely
from shapely.geometry import shape

from routing.errors import ClosureError

_LIMITS = (180.0, 90.0)


class ClosedDirections(StrEnum):
    """Which directions of a street are closed, relative to the points or the drawing."""

    BOTH = "both"
    ALONG = "along"
    AGAINST = "against"


@dataclass(frozen=True)
class ClosedArea:
    """All roads drawn inside an outline, on every level: bridges and tunnels too.

    Attributes
    ----------
    polygon
        ``Polygon`` or ``MultiPolygon``, WGS 84, longitude first; holes stay open.
    """

    polygon: shapely.Polygon | shapely.MultiPolygon

    def __post_init__(self) -> None:
        """Validate the outline.

        An outline that crosses itself is refused, not repaired: only the dispatcher knows which of
        its loops was meant to be inside.

        Raises
        ------
        ClosureError
            If it is empty, crosses itself or leaves the globe.
        """
        kind: object = self.polygon
        if not isinstance(kind, shapely.Polygon | shapely.MultiPolygon):
            message = "a closed area must be a polygon"
            raise ClosureError(message)
        if self.polygon.is_empty:
            message = "a closed area needs an outline"
            raise ClosureError(message)
        _check_positions(shapely.get_coordinates(self.polygon))
        if not self.polygon.is_valid:
            reason = shapely.is_valid_reason(self.polygon)
            message = f"the outline of a closed area must not cross or touch itself: {reason}"
            raise ClosureError(message)

    @classmethod
    def from_geojson(cls, geometry: Mapping[str, Any]) -> Self:
        """Return the area of a GeoJSON geometry.

        Raises
        ------
        ClosureError
            If it is not a valid polygon.
        """
        try:
            with np.errstate(invalid="ignore"):  # NaN is refused below, with a message
                polygon: Any = shape(dict(geometry))
        except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError) as error:
            message = f"a closed area must be a GeoJSON polygon: {error}"
            raise ClosureError(message) from error
        except (AttributeError, IndexError) as error:
            message = "a closed area must be a GeoJSON polygon"
            raise ClosureError(message) from error
        return cls(polygon)


@dataclass(frozen=True)
class ClosedStretch:
    """The road between two or more points on it.

    Attributes
    ----------
    points
        WGS 84, longitude first; each is snapped to the nearest road and joined to the next one by
        the shortest path along the streets, preferring to stay on a street of one name. More points
        keep it on the road that was meant.
    ways
        Directions, relative to the order of the points.
    """

    points: tuple[tuple[float, float], ...]
    directions: ClosedDirections = ClosedDirections.BOTH

    def __post_init__(self) -> None:
        """Validate the points.

        Raises
        ------
        ClosureError
            If there are fewer than two, or one is not on the globe.
        """
        if len(self.points) < 2:  # noqa: PLR2004 - from, to
            message = "a closed stretch needs two points or more"
            raise ClosureError(message)
        _check_positions(self.points)


@dataclass(frozen=True)
class ClosedSegments:
    """Whole streets between junctions, by their numbers in one network.

    Attributes
    ----------
    segments
        Street numbers.
    network_hash
        Content hash of that network.
    ways
        Directions, relative to the drawing.
    """

    segments: tuple[int, ...]
    network_hash: str
    directions: ClosedDirections = ClosedDirections.BOTH


@dataclass(frozen=True)
class ClosedIntervals:
    """Exact intervals of directed edges of one network.

    Attributes
    ----------
    intervals
        Directed edge, and beginning and end in metres along it.
    network_hash
        Content hash of that network.
    """

    intervals: tuple[tuple[int, float, float], ...]
    network_hash: str


ClosedPlace: TypeAlias = ClosedArea | ClosedStretch | ClosedSegments | ClosedIntervals


@dataclass(frozen=True)
class Closure:
    """A place that may not be driven for some time.

    Attributes
    ----------
    key
        Identifier given by the caller.
    place
        Where.
    from_at, until_at
        Aware instants: closed from the first up to, not including, the second; ``None``: until
        further notice.
    """

    key: str
    place: ClosedPlace
    from_at: datetime
    until_at: datetime | None = None

    def __post_init__(self) -> None:
        """Validate the times.

        Raises
        ------
        ClosureError
            If an instant has no time zone or the end is not after the beginning.
        """
        for at in (self.from_at, self.until_at):
            if at is not None and at.tzinfo is None:
                message = "the times of a closure must have a time zone"
                raise ClosureError(message)
        if self.until_at is not None and self.until_at <= self.from_at:
            message = "a closure must end after it begins"
            raise ClosureError(message)

    def holds(self, at: datetime) -> bool:
        """Return whether the closure is in force at an instant."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


def _check_positions(points: Any) -> None:  # noqa: ANN401 - whatever the caller holds
    try:
        lonlat = np.array(points, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = "the points of a closure must be numbers: longitude, latitude"
        raise ClosureError(message) from error
    if lonlat.ndim != 2 or lonlat.shape[1] != 2 or not (np.abs(lonlat) <= _LIMITS).all():  # noqa: PLR2004 - rows of two
        message = "the points of a closure must be longitude, latitude"
        raise ClosureError(message)
