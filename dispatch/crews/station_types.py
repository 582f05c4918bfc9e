"""Stations as they are added, changed, listed and brought by a file."""

from pydantic import ConfigDict
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import RequiredName
from dispatch.core.list_query import ListQuery
from dispatch.crews.types import StationAnswer
from dispatch.writes.command import Command
from dispatch.writes.command import PlacedCommand


class StationListQuery(ListQuery):
    """Which stations."""


class ChangeStation(PlacedCommand):
    """What becomes another of a station; its place is given whole."""

    name: RequiredName | None = None


class StationLine(Command):
    """One line of a file of stations."""

    name: RequiredName
    lon: Lon
    lat: Lat


@with_config(ConfigDict(extra="forbid", title="StationPage"))
class StationPageAnswer(TypedDict):
    """Stations, by name; all unless a page was asked for."""

    stations: list[StationAnswer]
    total: int
