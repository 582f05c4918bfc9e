"""Loans of crews: what is asked, and the answers as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.lending.states import LoanSide
from dispatch.lending.states import LoanState
from dispatch.lending.states import LoanStep
from dispatch.units.states import UnitKind
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")


class AskForCrew(RepeatableCommand):
    """Ask another unit for a crew; which one, its people say unless they are asked for one."""

    lender_id: Annotated[Id, Field(description="the unit that is asked")]
    unit_id: Annotated[
        Id | None, Field(description="who borrows; one's own unit when left out")
    ] = None
    crew_id: Annotated[Id | None, Field(description="a crew that is seen already")] = None
    from_at: Annotated[Instant | None, Field(description="now when left out")] = None
    until_at: Instant
    words: Annotated[Reason, Field(description="what for, and what the crew must be able to do")]


class AgreeToLend(RepeatableCommand):
    """Lend a crew."""

    crew_id: Annotated[Id | None, Field(description="needed if none was asked for")] = None
    words: Reason | None = None


class SettleLoan(RepeatableCommand):
    """Refuse to lend, or end a loan."""

    words: Reason | None = None


class LoanListQuery(ListQuery):
    """Which loans."""

    state: LoanState | None = None


@with_config(ConfigDict(extra="forbid", title="Loan"))
class LoanAnswer(TypedDict):
    """A loan of a crew; both sides see this and no more of each other."""

    id: int
    state: LoanState
    side: Annotated[list[LoanSide], Field(description="on which of its sides the reader is")]
    steps: Annotated[list[LoanStep], Field(description="what the reader may do with it")]
    crew_id: int | None
    crew_name: str | None
    unit_id: Annotated[int | None, Field(description="who borrows")]
    unit_name: str
    lender_id: int | None
    lender_name: str
    words: str
    from_at: InstantText
    until_at: InstantText
    begun: bool
    asked_at: InstantText
    asked_by: str
    settled_at: InstantText | None
    settled_by: str | None
    settled_words: str
    ended_at: InstantText | None
    ended_by: str | None


@with_config(_ANSWER)
class LoansAnswer(TypedDict):
    """Loans of one's own side, those under way first, then the newest."""

    loans: list[LoanAnswer]
    total: int


@with_config(_ANSWER)
class LenderAnswer(TypedDict):
    """A unit that can be asked for a crew: nothing but what it is called."""

    id: int
    kind: UnitKind
    code: str
    name: str


@with_config(_ANSWER)
class LendersAnswer(TypedDict):
    """Who can be asked for a crew."""

    lenders: list[LenderAnswer]
