"""Escalation: the commands, and the answers as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Finite
from dispatch.core.field_types import Key
from dispatch.core.field_types import Priority
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.core.limits import LONGEST_STEP_WAIT_S
from dispatch.core.limits import MOST_CHAIN_ROUNDS
from dispatch.core.limits import MOST_CHAIN_STEPS
from dispatch.core.limits import SHORTEST_STEP_WAIT_S
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import Waiting
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")
_WAIT = Field(
    ge=SHORTEST_STEP_WAIT_S,
    le=LONGEST_STEP_WAIT_S,
    description="seconds after the step before; of the first, after the order",
)


class SetStep(Command):
    """One step of a chain."""

    action: StepAction
    wait_s: Annotated[Finite, _WAIT]


_STEPS = Field(min_length=1, max_length=MOST_CHAIN_STEPS)


class SetChain(Command):
    """A chain as it shall be for orders that are sent from now on."""

    kind: Annotated[
        RequiredName | None, Field(description="code of an incident kind; every kind when null")
    ] = None
    priority: Annotated[Priority | None, Field(description="each when null")] = None
    answer_steps: Annotated[list[SetStep], _STEPS]
    setting_out_steps: Annotated[list[SetStep], _STEPS]
    rounds: Annotated[
        int,
        Field(
            ge=1,
            le=MOST_CHAIN_ROUNDS,
            description="how often the steps are gone through at most, and how many crews are sent"
            " one after the other with auto_reoffer",
        ),
    ] = 1
    auto_reoffer: Annotated[
        bool,
        Field(
            description="whether the step next_best sends the next best crew by itself; else it is"
            " proposed at the desk"
        ),
    ] = False


class KeepWaiting(Command):
    """The desk gives a crew more time."""

    wait_s: Annotated[
        Finite,
        Field(ge=SHORTEST_STEP_WAIT_S, le=600, description="seconds from now"),
    ] = 60
    client_id: Key | None = None


@with_config(_ANSWER)
class ChainStepAnswer(TypedDict):
    """One step of a chain."""

    action: StepAction
    wait_s: Annotated[float, _WAIT]


@with_config(_ANSWER)
class ChainAnswer(TypedDict):
    """What happens while an order is not answered, or accepted and not set out to."""

    id: int
    kind: Annotated[str | None, Field(description="null: for every kind without one of its own")]
    priority: Annotated[int | None, Field(description="null: for each without one of its own")]
    answer_steps: list[ChainStepAnswer]
    setting_out_steps: list[ChainStepAnswer]
    rounds: int
    auto_reoffer: bool
    changed_at: InstantText
    changed_by: str


@with_config(_ANSWER)
class ChainsAnswer(TypedDict):
    """All chains. Of those that fit an order, the kind counts before the priority."""

    chains: list[ChainAnswer]


@with_config(_ANSWER)
class NextBestAnswer(TypedDict):
    """Who should go instead, as of when."""

    crew_id: int
    crew_name: str
    travel_time_s: Annotated[
        float | None,
        Field(description="by road, and until it is free; null: found by straight distance only"),
    ]
    distance_m: Annotated[float, Field(description="in a straight line")]


@with_config(_ANSWER)
class OrderChainAnswer(TypedDict):
    """Where the chain of an order stands."""

    waiting: Annotated[
        Waiting | None, Field(description="null: it waits for nothing (yet, or any more)")
    ]
    alarm_at: Annotated[
        InstantText | None, Field(description="when the desk is alarmed; once past, it is")
    ]
    next_action: Annotated[StepAction | None, Field(description="what is done next")]
    next_at: InstantText | None
    round: int
    rounds: int
    auto_reoffer: bool
    supervisor_at: Annotated[
        InstantText | None, Field(description="since when it is the supervisor's")
    ]
    sought_at: Annotated[
        InstantText | None, Field(description="when the next best crew was last sought")
    ]
    next_best: Annotated[
        NextBestAnswer | None, Field(description="null with sought_at: nobody can come")
    ]
