"""Query strings of closures."""

from typing import Annotated

from pydantic import Field

from webconsole.platform.queries import Query


class ClosureQuery(Query):
    """Which closures to list."""

    active: Annotated[
        bool | None, Field(description="only those that hold at this moment, or that do not")
    ] = None
