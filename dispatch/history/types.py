"""What the history is asked for, and what it answers."""

from datetime import date
from typing import Annotated
from typing import Any

from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import WithJsonSchema
from pydantic import model_validator
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Id
from dispatch.core.limits import LEAST_URGENT
from dispatch.core.limits import LONGEST_SEARCH
from dispatch.core.limits import MOST_URGENT
from dispatch.incidents.states import ENDED_INCIDENT_STATES
from dispatch.incidents.states import IncidentState
from dispatch.incidents.types import IncidentAnswer
from dispatch.outcomes.states import Effect
from dispatch.pledge_clocks.states import ClockVerdict

ENDED = tuple(state for state in IncidentState if state in ENDED_INCIDENT_STATES)


def _day(value: Any) -> Any:  # noqa: ANN401  (a query string's text)
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise in_own_words(N_("must be a day such as 2026-01-31")) from None


def _states(value: Any) -> Any:  # noqa: ANN401  (a query string's text)
    if not isinstance(value, str):
        return value
    found = tuple(each.strip() for each in value.split(",") if each.strip())
    if any(each not in list(IncidentState) for each in found):
        raise in_own_words(N_("must be states of incidents, separated by commas"))
    return tuple(IncidentState(each) for each in found) or None


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "description": "in the desk's time zone"}),
]
States = Annotated[
    tuple[IncidentState, ...],
    BeforeValidator(_states),
    WithJsonSchema(
        {"type": "string", "description": "states, separated by commas; what is over if left out"}
    ),
]


class HistoryFilters(BaseModel):
    """Which incidents are looked for; all that is given must hold. What is blank is not given."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    number: Id | None = None
    words: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, max_length=LONGEST_SEARCH),
        Field(description="part of the address or the description"),
    ] = None
    kind: Annotated[str | None, Field(max_length=100)] = None
    priority: Annotated[int | None, Field(ge=MOST_URGENT, le=LEAST_URGENT)] = None
    state: States | None = None
    crew_id: Annotated[Id | None, Field(description="which was sent there")] = None
    outcome: Annotated[
        Effect | None, Field(description="how an order there ended: what that means")
    ] = None
    pledge: Annotated[
        ClockVerdict | None, Field(description="whether what was pledged for it was kept or missed")
    ] = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Annotated[Day | None, Field(description="the last day that counts")] = None

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blanks(cls, values: Any) -> Any:  # noqa: ANN401  (a query string)
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value != ""}


@with_config(ConfigDict(extra="forbid", title="History"))
class HistoryAnswer(TypedDict):
    """A page of the history, newest first."""

    incidents: list[IncidentAnswer]
    next_before_id: Annotated[
        int | None,
        Field(
            description="ask on with this as before_id, also when few or none were found so far;"
            " null: there is nothing older"
        ),
    ]
