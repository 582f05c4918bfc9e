"""Layers as they are imported, renamed, shown and looked into."""

import re
from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import AfterValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.writes.command import Command
from geodata.layers.service import Kind

_COLOUR = re.compile(r"#[0-9a-f]{6}")


def _colour(text: str) -> str:
    if text and not _COLOUR.fullmatch(text):
        raise in_own_words(N_("must be a colour such as #0072b2"))
    return text


Colour = Annotated[str, StringConstraints(to_lower=True), AfterValidator(_colour)]
"""``#rrggbb``; empty for the colour of the layer's kind."""


Utility = Literal["gas", "heat", "water", "power"]
UtilityOrAll = Literal["gas", "heat", "water", "power", "all"]


class ImportLayer(Command):
    """Show a file under a name; a layer of that name is replaced by it.

    A layer that is replaced keeps its Chinese name, colour and utility when they are not given.
    ``label_field`` is the attribute that things are called by.
    """

    name: RequiredName
    name_zh: Name | None = None
    kind: Kind
    colour: Colour | None = None
    label_field: str | None = None
    utility: UtilityOrAll | None = None


class RenameLayer(Command):
    """Call a layer something else; its Chinese name stays unless another is given."""

    name: RequiredName
    name_zh: Name | None = None


class SetLayerUtility(Command):
    """Say which utility a layer's records belong to."""

    utility: UtilityOrAll


class ChangeLayer(Command):
    """What becomes another of a layer; its features come from a file."""

    name: RequiredName | None = None
    name_zh: Name | None = None
    kind: Kind | None = None
    colour: Colour | None = None
    utility: UtilityOrAll | None = None


@with_config(ConfigDict(extra="forbid", title="Layer"))
class LayerAnswer(TypedDict):
    """One of the utility's own layers."""

    id: int
    name: str
    name_zh: str
    kind: Kind
    utility: Annotated[Utility | None, Field(description="null: of every utility")]
    colour: Annotated[str | None, Field(description="#rrggbb; null: the colour of its kind")]
    label_field: str | None
    fields: Annotated[
        list[str], Field(description="names of the attributes, in the order of the file")
    ]
    shapes: Literal["points", "lines", "polygons", "mixed"]
    features: int
    bounds: Annotated[list[float], Field(description="west, south, east, north")]
    source_file: str
    version: int
    imported_at: InstantText


@with_config(ConfigDict(extra="forbid", title="Layers"))
class LayersAnswer(TypedDict):
    """All layers by kind and name."""

    layers: list[LayerAnswer]


class _LayerFeature(TypedDict):
    layer_id: int
    feature: int
    label: str
    attributes: dict[str, Any]
    distance_m: float


@with_config(ConfigDict(extra="forbid", title="ShownFeature"))
class ShownFeatureAnswer(_LayerFeature):
    """One thing of a layer with its shape."""

    geometry: Annotated[dict[str, Any], Field(description="GeoJSON, WGS 84")]


@with_config(ConfigDict(extra="forbid", title="Features"))
class FeaturesAnswer(TypedDict):
    """What lies at a place: points first, then lines, then areas."""

    features: list[ShownFeatureAnswer]


@with_config(ConfigDict(extra="forbid", title="NearFeature"))
class NearFeatureAnswer(_LayerFeature):
    """One thing of a layer, and which way it is."""

    lon: Annotated[float, Field(description="of its nearest point")]
    lat: float
    utility: Annotated[
        Utility | None, Field(description="of its layer; null: not said, so perhaps another's")
    ]
    bearing_deg: Annotated[
        float | None, Field(description="clockwise from north; null at the place itself")
    ]


@with_config(ConfigDict(extra="forbid", title="NearFeatures"))
class NearFeaturesAnswer(TypedDict):
    """What is near a place, the nearest first."""

    layers: Annotated[
        int, Field(description="how many layers of that kind, and utility, there are")
    ]
    within_m: float
    features: list[NearFeatureAnswer]
