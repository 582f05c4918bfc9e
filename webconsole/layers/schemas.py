"""Shapes of the utility's layers, as they are asked for and go out."""

from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import Field

from webconsole.platform.answers import Answer
from webconsole.platform.answers import Instant
from webconsole.platform.queries import Query
from webconsole.platform.requests import Finite
from webconsole.platform.requests import Lat
from webconsole.platform.requests import Lon

Kind = Literal["mains", "valves", "stations", "districts", "other"]


class PlaceQuery(Query):
    """A place on the map, and which layers were looked at there."""

    lon: Lon
    lat: Lat
    layers: Annotated[
        str, Field(max_length=500, description="numbers of layers, separated by commas")
    ]
    tolerance_m: Annotated[Finite, Field(ge=0, le=10_000, description="metres")] = 10.0


class NearQuery(Query):
    """What is looked for near a place."""

    lon: Lon
    lat: Lat
    kind: Kind = "valves"
    limit: Annotated[int, Field(ge=1, le=50)] = 5
    within_m: Annotated[Finite, Field(ge=1, le=50_000, description="metres")] = 2_000.0


class Layer(Answer):
    """One of the utility's own layers."""

    id: int
    name: str
    name_zh: str
    kind: Kind
    colour: str | None = Field(description="#rrggbb; null: the colour of its kind")
    label_field: str | None
    fields: list[str] = Field(description="names of the attributes, in the order of the file")
    shapes: Literal["points", "lines", "polygons", "mixed"]
    features: int
    bounds: list[float] = Field(description="west, south, east, north")
    source_file: str
    version: int
    imported_at: Instant


class Layers(Answer):
    """All layers by kind and name."""

    layers: list[Layer]


class Feature(Answer):
    """One thing of a layer."""

    layer_id: int
    feature: int
    label: str
    attributes: dict[str, Any]
    distance_m: float


class ShownFeature(Feature):
    """One thing of a layer with its shape."""

    geometry: dict[str, Any] = Field(description="GeoJSON, WGS 84")


class Features(Answer):
    """What lies at a place: points first, then lines, then areas."""

    features: list[ShownFeature]


class NearFeature(Feature):
    """One thing of a layer, and which way it is."""

    lon: float = Field(description="of its nearest point")
    lat: float
    bearing_deg: float | None = Field(description="clockwise from north; null at the place itself")


class NearFeatures(Answer):
    """What is near a place, the nearest first."""

    layers: int = Field(description="how many layers of that kind there are")
    within_m: float
    features: list[NearFeature]
