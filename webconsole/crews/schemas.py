"""Shapes of query strings about crews."""

from typing import Annotated

from pydantic import Field

from webconsole.platform.queries import Query


class OrderQuery(Query):
    """Which of a crew's assignments to list."""

    live_only: Annotated[bool, Field(alias="live")] = True
