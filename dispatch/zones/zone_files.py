"""Zones out of a file with shapes."""

from typing import Any

from shapely.geometry import mapping

from dispatch.zones.types import DrawZone
from dispatch.zones.types import read_zones
from geodata.layers.features import LayerFile


def zones_of(
    file: LayerFile, kind: str, name_field: str, name_zh_field: str | None
) -> list[DrawZone]:
    """Return the zones of a file, named by its attributes.

    Raises
    ------
    UnknownFieldError
        If the file has no such attribute.
    InvalidInput
        Naming the zone, by its place in the file, and its field.
    """
    for field in (name_field, name_zh_field):
        file.label_field(field)
    names = {"name": name_field} | ({"name_zh": name_zh_field} if name_zh_field else {})
    return read_zones(
        {
            **{field: _text(each.attributes.get(source)) for field, source in names.items()},
            "kind": kind,
            "geometry": _geojson(each.shape),
        }
        for each in file.features()
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _geojson(shape: Any) -> dict[str, Any]:  # noqa: ANN401  (any shapely geometry)
    """Return GeoJSON with lists instead of the tuples of shapely."""
    made = mapping(shape)
    return {"type": made["type"], "coordinates": _lists(made.get("coordinates", ()))}


def _lists(nested: Any) -> Any:  # noqa: ANN401  (coordinates, however deep)
    return [_lists(each) for each in nested] if isinstance(nested, tuple | list) else nested
