"""Layers and streets packed for the page: whole numbers, differences, gzip, base64.

50 000 points are 10 MB as GeoJSON and .5 MB so. Degrees are rounded to 10⁻⁶ (0.1 m) in layers and
10⁻⁵ (1 m) in the streets below them.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geodata.roads.types import ROAD_CLASSES
from routing.network.arrays import ranges
from routing.network.road_network import RoadNetwork
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.report.charts import COLOURS
from scripts.studies.report.colour_classes import NO_VALUE
from scripts.studies.report.colour_classes import classify
from scripts.studies.report.pieces import Layer
from scripts.studies.report.text import Text

_LAYER_DEGREES = 1e-6
_STREET_DEGREES = 1e-5
MOST_SHOWN = 100_000
"""Of more features the map shows some, evenly chosen; the GeoPackage has all."""
_MOST_STREET_POINTS = 400_000
_MARGIN = 0.15
_WGS84 = "EPSG:4326"
_KINDS = {0: "point", 1: "line", 2: "area"}


def pack_layers(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """Return what the page needs of each layer that holds anything; ``data`` is packed."""
    colours = iter(COLOURS * (1 + len(layers) // len(COLOURS)))
    return [
        _pack_layer(layer, layer.colour or next(colours)) for layer in layers if len(layer.frame)
    ]


def pack_streets(network: RoadNetwork, bounds: FloatArray) -> str:
    """Return the streets in and around some bounds: west, south, east, north.

    Of a country only its greater roads: a page must stay light.
    """
    roads = network.roads
    margin = _MARGIN * np.maximum(bounds[2:] - bounds[:2], 0.005)
    low, high = bounds[:2] - margin, bounds[2:] + margin
    inside = np.asarray(((roads.node_lonlat >= low) & (roads.node_lonlat <= high)).all(axis=1))
    kept = np.flatnonzero(inside[roads.segment_from] | inside[roads.segment_to])
    road_class = roads.segment_class[kept].astype(np.int64)
    points = np.diff(roads.geometry_start)[kept]
    of_class = np.bincount(road_class, weights=points, minlength=len(ROAD_CLASSES))
    classes = max(1, int((of_class.cumsum() <= _MOST_STREET_POINTS).sum()))
    chosen = road_class < classes
    kept = kept[chosen][np.argsort(-road_class[chosen], kind="stable")]  # great ones on top
    first, last = roads.geometry_start[kept], roads.geometry_start[kept + 1]
    return pack(
        {
            "degrees": _STREET_DEGREES,
            "counts": (last - first).tolist(),
            "width": _widths(roads.segment_class[kept].astype(np.int64)).tolist(),
            "xy": _differences(roads.geometry_lonlat[ranges(first, last)], _STREET_DEGREES),
        }
    )


def bounds_of(layers: Sequence[Layer]) -> FloatArray | None:
    """Return west, south, east, north of all layers, None if they hold nothing."""
    boxes = [
        layer.frame.to_crs(_WGS84).total_bounds
        for layer in layers
        if len(layer.frame) and not layer.frame.geometry.is_empty.all()
    ]
    if not boxes:
        return None
    stacked = np.array(boxes)
    return np.concatenate((stacked[:, :2].min(axis=0), stacked[:, 2:].max(axis=0)))


def pack(content: dict[str, Any]) -> str:
    """Return content as JSON, gzipped, in base64."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()


def _pack_layer(layer: Layer, colour: str) -> dict[str, Any]:
    frame = layer.frame.to_crs(_WGS84)
    frame = frame[~(frame.geometry.is_empty | frame.geometry.isna())]
    every = -(-len(frame) // MOST_SHOWN)
    frame = frame.iloc[::every] if every > 1 else frame
    shapes = np.asarray(frame.geometry.array)
    packed: dict[str, Any] = {
        "name": layer.name,
        "title": layer.title._asdict(),
        "shown": layer.shown,
        "kind": _KINDS[int(shapely.get_dimensions(shapes).max(initial=0))],
        "count": len(frame),
        "every": every,
        "colours": [colour],
        "classes": [],
        "legend": (layer.legend or Text(layer.colour_by or "", layer.colour_by or ""))._asdict(),
    }
    data = _geometry(shapes)
    if layer.colour_by is not None:
        column = frame[layer.colour_by]
        found = classify(column, high_is_good=layer.high_is_good, around_zero=layer.around_zero)
        packed["colours"] = list(found.colours)
        none = layer.no_value or NO_VALUE
        names = [none if name is NO_VALUE else name for name in found.names]
        packed["classes"], packed["none"] = [name._asdict() for name in names], none._asdict()
        packed["sizes"] = np.bincount(found.of_feature, minlength=len(found.names)).tolist()
        data["class"] = found.of_feature.tolist()
        data["value"] = _shown_values(column)
    if layer.labelled_by is not None:
        data["label"] = frame[layer.labelled_by].astype("string").fillna("").tolist()
    return packed | {"data": pack(data)}


def _geometry(shapes: "np.ndarray[Any, np.dtype[np.object_]]") -> dict[str, Any]:
    """Return features as parts, parts as numbers of points, and all points one after another."""
    parts, of_feature = shapely.get_parts(shapes, return_index=True)
    if len(parts) and shapely.get_dimensions(parts).max() == 2:  # noqa: PLR2004 - areas
        rings, of_part = shapely.get_rings(parts, return_index=True)
        parts, of_feature = rings, of_feature[of_part]
    xy, of_part = shapely.get_coordinates(parts, return_index=True)
    return {
        "degrees": _LAYER_DEGREES,
        "parts": np.bincount(of_feature, minlength=len(shapes)).tolist(),
        "counts": np.bincount(of_part, minlength=len(parts)).tolist(),
        "xy": _differences(xy, _LAYER_DEGREES),
    }


def _differences(lonlat: FloatArray, degrees: float) -> list[list[int]]:
    whole = np.rint(lonlat / degrees).astype(np.int64)
    return [np.diff(whole[:, axis], prepend=0).tolist() for axis in (0, 1)]


def _widths(road_class: IntArray) -> IntArray:
    """Return 3 for main roads, 2 for those through a quarter, 1 for the rest."""
    secondary, tertiary = ROAD_CLASSES.index("secondary"), ROAD_CLASSES.index("unclassified")
    return 1 + (road_class < tertiary).astype(np.int64) + (road_class < secondary)


def _shown_values(column: "pd.Series[Any]") -> Sequence[float | str | None]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return [round(value, 2) if np.isfinite(value) else None for value in values.tolist()]
    return column.astype("string").fillna("").tolist()
