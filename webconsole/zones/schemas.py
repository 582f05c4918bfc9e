"""Query strings of zones."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Version
from webconsole.platform.queries import Query


class ZoneRemovalQuery(Query):
    """Which version is removed."""

    expected_version: Annotated[
        Version | None, Field(description="refused if it is another by now")
    ] = None
