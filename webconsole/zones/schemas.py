"""Query strings of zones."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Name
from dispatch.core.field_types import Version
from dispatch.layers.uploads import FileReport
from dispatch.layers.uploads import LayerUpload
from dispatch.zones.types import Kind
from webconsole.platform.queries import Query


class ZoneRemovalQuery(Query):
    """Which version is removed."""

    expected_version: Annotated[
        Version | None, Field(description="refused if it is another by now")
    ] = None


class UploadZones(LayerUpload):
    """A file of zones, and which attributes name them."""

    kind: Kind
    name_field: Annotated[Name, Field(description="the attribute with each zone's name")]
    name_zh_field: Annotated[
        Name | None, Field(description="the attribute with its Chinese name")
    ] = None


@with_config(ConfigDict(extra="forbid", title="ZoneImport"))
class ZoneImportAnswer(TypedDict):
    """How many zones are new, how many took the place of others, and the report of the file."""

    added: int
    replaced: int
    report: FileReport
