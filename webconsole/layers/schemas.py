"""Query strings of the utility's layers."""

from typing import Annotated
from typing import Any
from typing import Final

from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import WithJsonSchema
from pydantic import with_config
from pydantic_core import PydanticKnownError
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Finite
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.layers.types import ImportLayer
from dispatch.layers.types import LayerAnswer
from dispatch.layers.types import Utility
from dispatch.layers.uploads import FileReport
from dispatch.layers.uploads import LayerUpload
from geodata.layers.service import Kind
from webconsole.platform.queries import Query

_LONGEST_LIST = 500
_TOO_LONG: Final = "string_too_long"


def _numbers(listed: Any) -> list[int]:  # noqa: ANN401  (a query string's text)
    text = str(listed)
    if len(text) > _LONGEST_LIST:
        raise PydanticKnownError(_TOO_LONG, {"max_length": _LONGEST_LIST})
    try:
        return [int(each) for each in text.split(",") if each.strip()]
    except ValueError:
        raise in_own_words(N_("must be numbers of layers, separated by commas")) from None


_Numbers = Annotated[
    list[int],
    BeforeValidator(_numbers),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": _LONGEST_LIST,
            "description": "numbers of layers, separated by commas",
        }
    ),
]


class PlaceQuery(Query):
    """A place on the map, and which layers were looked at there."""

    lon: Lon
    lat: Lat
    layers: _Numbers
    tolerance_m: Annotated[Finite, Field(ge=0, le=10_000, description="metres")] = 10.0


class NearQuery(Query):
    """What is looked for near a place."""

    lon: Lon
    lat: Lat
    kind: Kind = "valves"
    utility: Annotated[
        Utility | None,
        Field(description="only of this one's layers, and of those that belong to none"),
    ] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 5
    within_m: Annotated[Finite, Field(ge=1, le=50_000, description="metres")] = 2_000.0


class UploadLayer(LayerUpload, ImportLayer):
    """A file, and how the layer is called and drawn that it becomes."""


@with_config(ConfigDict(extra="forbid", title="LayerImport"))
class LayerImportAnswer(TypedDict):
    """The layer, and the report of its import."""

    layer: LayerAnswer
    replaced: Annotated[bool, Field(description="it took the place of another")]
    report: FileReport
