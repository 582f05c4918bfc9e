"""Maps with features, opened: GeoPackage, GeoJSON, shapefile and whatever else pyogrio reads."""

from pathlib import Path

import geopandas
import pyogrio
import shapely
from pyogrio.errors import DataSourceError

from scripts.errors import UsageError

_MEND = "Tables end in .csv; maps are GeoPackage, GeoJSON or shapefiles."


def read_map(file: Path, layer: str | None = None) -> geopandas.GeoDataFrame:
    """Return the features of a map, in its own CRS or without one.

    Raises
    ------
    UsageError
        If it cannot be read, has no shapes, or has several layers and none is named.
    """
    if not file.exists():
        message = f"{file} cannot be read: No such file or directory."
        raise UsageError(message)
    try:
        layers = [str(name) for name in pyogrio.list_layers(file)[:, 0]]
        chosen = layer if layer is not None else layers[0]
        frame = geopandas.read_file(file, layer=chosen, engine="pyogrio")
    except (
        DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
        shapely.errors.ShapelyError,
        IndexError,
        ValueError,  # what is no text, most of all
    ) as error:
        message = f"{file} cannot be read as a map."
        raise UsageError(message, mend=_MEND) from error
    if layer is None and len(layers) > 1:
        message = f"{file} has several layers: {', '.join(layers)}."
        raise UsageError(message, mend="--layer NAME")
    if "geometry" not in frame.columns:
        message = f"{file} holds no places."
        raise UsageError(message, mend=_MEND)
    return frame


def read_map_in_degrees(file: Path) -> geopandas.GeoDataFrame:
    """Return the features of a map in WGS 84.

    Raises
    ------
    UsageError
        As `read_map`, and if it does not say its CRS.
    """
    frame = read_map(file)
    if frame.crs is None:
        message = f"{file} does not say its coordinate reference system."
        raise UsageError(message, mend="Save it with one, as GeoPackage or GeoJSON.")
    return frame.to_crs("EPSG:4326")
