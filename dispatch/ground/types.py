"""The ground as the API shows it."""

from typing import Annotated
from typing import NotRequired

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict


@with_config(ConfigDict(extra="forbid", title="Ground"))
class GroundAnswer(TypedDict):
    """The city in use; all null before the first import."""

    ground_id: int | None
    name: str | None
    bounds: Annotated[list[float] | None, Field(description="west, south, east, north")]
    center: Annotated[list[float] | None, Field(description="lon, lat")]
    attribution: NotRequired[str]
