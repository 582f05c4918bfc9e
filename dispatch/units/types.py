"""Units: what is asked, and the answers as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.units.states import Given
from dispatch.units.states import Hindrance
from dispatch.units.states import UnitKind
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
UnitCode = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,38}[A-Za-z0-9])?$",
        description="unified code: letters, digits, dots and dashes between them; at most 40",
    ),
]
MOST_GIVEN = 1_000
UnitId = Annotated[Id, Field(description="the unit that it belongs to; one's own when left out")]


class AddUnit(RepeatableCommand):
    """A new unit below another."""

    parent_id: Id
    kind: Annotated[UnitKind, Field(strict=False)]
    code: UnitCode
    name: RequiredName


class ChangeUnit(Command):
    """Another name or code, or another place in the tree; what is not named stays."""

    name: RequiredName | None = None
    code: UnitCode | None = None
    parent_id: Id | None = None


class UnitListQuery(ListQuery):
    """Which units."""

    kind: UnitKind | None = None


class DeleteUnit(Command):
    """Delete a unit."""

    move_to: Annotated[
        Id | None,
        Field(description="the unit of the same company that gets what it still has"),
    ] = None


class GiveToUnit(Command):
    """Give things of one's own to a unit of their company."""

    thing: Annotated[Given, Field(strict=False)]
    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_GIVEN)]


class PutGroupAbove(Command):
    """Make the one company a company of a group."""

    code: UnitCode
    name: RequiredName


@with_config(ConfigDict(extra="forbid", title="Unit"))
class UnitAnswer(TypedDict):
    """A unit of the organisation."""

    id: int
    parent_id: int | None
    company_id: int
    kind: UnitKind
    code: str
    name: str
    depth: Annotated[int, Field(description="how many units are above it")]
    parent_name: str | None
    own: Annotated[bool, Field(description="whether its rows are seen, not only its name")]
    crews: Annotated[int, Field(description="crews of its own, not of units below")]
    accounts: int


@with_config(_ANSWER)
class CrewLentAnswer(TypedDict):
    """That a crew is lent: both sides see this."""

    loan_id: int
    to: str
    by: str
    until_at: InstantText
    here: Annotated[bool, Field(description="whether it is lent to the reader's side")]


@with_config(_ANSWER)
class UnitsAnswer(TypedDict):
    """The units that are seen, each behind the one above it."""

    home_id: int | None
    units: list[UnitAnswer]
    total: int


@with_config(_ANSWER)
class HindranceAnswer(TypedDict):
    """What a unit still has, and how much of it."""

    what: Hindrance
    count: int


@with_config(_ANSWER)
class HindrancesAnswer(TypedDict):
    """What keeps a unit from being deleted; nothing if it can be."""

    hindrances: list[HindranceAnswer]
    movable: Annotated[bool, Field(description="whether all of it can go to another unit")]
