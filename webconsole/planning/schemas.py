"""What queries about scenarios say."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Version
from webconsole.platform.queries import Query


class ScenarioRemovalQuery(Query):
    """Which version was looked at when it was removed."""

    expected_version: Annotated[Version | None, Field(description="refused if it is another")] = (
        None
    )
