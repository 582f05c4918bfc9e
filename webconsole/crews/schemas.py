"""Shapes of query strings about crews."""

from typing import Annotated

from pydantic import Field

from dispatch.core.bulk import BulkIds
from dispatch.writes.command import Command
from webconsole.platform.queries import Query


class OrderQuery(Query):
    """Which of a crew's assignments to list."""

    live_only: Annotated[bool, Field(alias="live")] = True


class RemoveStations(Command):
    """Stations to remove."""

    ids: Annotated[BulkIds, Field(strict=False)]
