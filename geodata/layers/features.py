"""The content of a layer file: attributes, and shapes in WGS 84."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.layers.errors import UnknownFieldError

_LABELS = ("name", "label", "code", "id")
_SHAPES = {
    **dict.fromkeys(("Point", "MultiPoint"), "points"),
    **dict.fromkeys(("LineString", "LinearRing", "MultiLineString"), "lines"),
    **dict.fromkeys(("Polygon", "MultiPolygon"), "polygons"),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a file: attributes as JSON values, and its shape in WGS 84."""

    attributes: dict[str, Any]
    shape: shapely.Geometry


Fault = Literal["empty", "off", "mended"]


@dataclass(frozen=True, slots=True)
class FeatureFault:
    """What was wrong with one feature of a file."""

    feature: int
    """Its place in the file, from 1."""
    fault: Fault


@dataclass(frozen=True, slots=True)
class LayerFile:
    """The content of one file.

    Attributes
    ----------
    attributes
        Names of the attributes, as in the file.
    crs
        What the file, or whoever imports it, says its coordinates are in.
    empty
        How many features had no shape and are left out.
    off
        How many lie nowhere in the coordinate system and are left out.
    mended
        How many polygons crossed themselves and were made valid.
    faults
        The first of all these, by their place in the file.
    """

    path: Path
    attributes: tuple[str, ...]
    crs: str
    rows: list[dict[str, Any]] = field(repr=False)
    geometries: NDArray[np.object_] = field(repr=False)
    empty: int = 0
    off: int = 0
    mended: int = 0
    faults: tuple[FeatureFault, ...] = ()

    @property
    def shapes(self) -> str:
        """The type of its shapes: ``points``, ``lines``, ``polygons`` or ``mixed``."""
        found = {_SHAPES.get(one.geom_type, "mixed") for one in self.geometries}
        return found.pop() if len(found) == 1 else "mixed"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, degrees, WGS 84."""
        west, south, east, north = shapely.total_bounds(self.geometries).tolist()
        return west, south, east, north

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.rows)

    def features(self) -> Iterator[Feature]:
        """Yield the features in the order of the file."""
        for attributes, shape in zip(self.rows, self.geometries, strict=True):
            yield Feature(attributes, shape)

    def label_field(self, wanted: str | None) -> str | None:
        """Return the attribute to label features with: the wanted one, else a usual name.

        Raises
        ------
        UnknownFieldError
            If there is no such attribute.
        """
        if wanted is not None:
            if wanted not in self.attributes:
                raise UnknownFieldError(self.path, wanted, self.attributes)
            return wanted
        by_name = {name.lower(): name for name in reversed(self.attributes)}
        return next((by_name[name] for name in _LABELS if name in by_name), None)
