"""Read features from GeoPackage, GeoJSON and Shapefile, and transform them to WGS 84.

GDAL reads them (through pyogrio), PROJ transforms them. Other formats of GDAL work too.
"""

import math
import warnings
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError
from pyogrio.errors import DataSourceError

from geodata.crs.datum import Datum
from geodata.crs.datum import to_wgs84
from geodata.layers.errors import MissingLayerFileError
from geodata.layers.errors import NoShapesError
from geodata.layers.errors import OffTheGlobeError
from geodata.layers.errors import UnknownCrsError
from geodata.layers.errors import UnreadableLayerError
from geodata.layers.errors import WhichLayerError
from geodata.layers.features import FeatureFault
from geodata.layers.features import LayerFile

_GLOBE = (180.0, 90.0)
_MOST_FAULTS = 200


def read_layer_file(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    datum: Datum = Datum.WGS84,
    encoding: str | None = None,
) -> LayerFile:
    """Return the features of a file in WGS 84.

    Parameters
    ----------
    path
        ``.gpkg``, ``.geojson``, ``.shp``, or a ``.zip`` with one of them.
    layer
        Which layer of the file; needed where it holds several.
    crs
        What its coordinates are in, when the file does not say or says it wrongly.
    datum
        Whether its degrees are shifted, as on Chinese web maps; no file says so itself.
    encoding
        Of the texts in a Shapefile without ``.cpg``, such as GBK.

    Raises
    ------
    LayerFileError
        Naming what is wrong.
    """
    if not path.exists():
        raise MissingLayerFileError(path)
    layer = _which(path, layer)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters of them is checked below
            frame = geopandas.read_file(path, layer=layer, engine="pyogrio", encoding=encoding)
    except (DataSourceError, DataLayerError, ValueError, LookupError) as error:
        raise UnreadableLayerError(path, str(error)) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise NoShapesError(path)
    source = _crs(path, crs, frame.crs)
    column = frame.geometry.name
    raw = np.asarray(frame.geometry.values, dtype=object)
    there = ~(shapely.is_missing(raw) | shapely.is_empty(raw))
    if not there.any():
        raise NoShapesError(path)
    shapes, on_globe = _to_degrees(shapely.force_2d(raw[there]), source, datum)
    if not on_globe.any():
        raise OffTheGlobeError(path, source.name)
    shapes = shapes[on_globe]
    sound = shapely.is_valid(shapes)
    shapes[~sound] = shapely.make_valid(shapes[~sound])
    rest = frame.loc[there].loc[on_globe].drop(columns=column)
    places = np.flatnonzero(there)
    faults = [
        *(FeatureFault(int(place) + 1, "empty") for place in np.flatnonzero(~there)),
        *(FeatureFault(int(place) + 1, "off") for place in places[~on_globe]),
        *(FeatureFault(int(place) + 1, "mended") for place in places[on_globe][~sound]),
    ]
    return LayerFile(
        path=path,
        attributes=tuple(map(str, rest.columns)),
        crs=source.name,
        rows=_rows(rest),
        geometries=shapes,
        empty=int(np.count_nonzero(~there)),
        off=int(np.count_nonzero(~on_globe)),
        mended=int(np.count_nonzero(~sound)),
        faults=tuple(sorted(faults, key=lambda each: each.feature)[:_MOST_FAULTS]),
    )


def _which(path: Path, wanted: str | None) -> str:
    """Return the name of the layer to read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            listed = pyogrio.list_layers(path).tolist()
    except (DataSourceError, ValueError) as error:
        raise UnreadableLayerError(path, str(error)) from error
    found = [str(name) for name, shape in listed if shape is not None]
    if not found:
        raise NoShapesError(path)
    if wanted in found:
        return wanted
    if wanted is not None or len(found) > 1:
        raise WhichLayerError(path, wanted, found)
    return found[0]


def _crs(path: Path, named: str | None, own: object) -> pyproj.CRS:
    if named is None and own is None:
        raise UnknownCrsError(path)
    try:
        return pyproj.CRS.from_user_input(named if named is not None else own)
    except pyproj.exceptions.CRSError:
        raise UnknownCrsError(path, named) from None


def _to_degrees(
    shapes: NDArray[np.object_], source: pyproj.CRS, datum: Datum
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return shapes in WGS 84, longitude first, and which of them have valid coordinates."""
    transformer = pyproj.Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    with np.errstate(all="ignore"):  # what cannot be transformed is infinite, and told below
        lonlat = np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
        lonlat = np.column_stack(to_wgs84(lonlat[:, 0], lonlat[:, 1], datum))
        fine = np.isfinite(lonlat).all(axis=1) & (np.abs(lonlat) <= _GLOBE).all(axis=1)
    on_globe = np.ones(len(shapes), dtype=np.bool_)
    on_globe[owner[~fine]] = False
    lonlat[~fine] = 0
    moved: NDArray[np.object_] = shapely.set_coordinates(shapes.copy(), lonlat)
    return moved, on_globe


def _rows(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (a pandas frame; its stubs disagree with it)
    """Return the attributes as JSON values: dates as texts, no NaN, no NUL, no bytes."""
    columns = [
        (str(name), [_plain(value) for value in frame[name].tolist()]) for name in frame.columns
    ]
    names = [name for name, _ in columns]
    if not names:
        return [{} for _ in range(len(frame))]
    rows = zip(*(values for _, values in columns), strict=True)
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in rows
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401  (whatever a column holds)
    match value:
        case None | bool() | int() | bytes():
            return None if isinstance(value, bytes) else value
        case float():
            return value if math.isfinite(value) else None
        case str():
            return value.replace("\0", "")
        case list() | tuple() | np.ndarray():
            return [_plain(each) for each in value]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case _:  # times, dates and decimals
            said = str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
            return None if said in {"NaT", "<NA>"} else said
