"""Offers: what is asked, and the answers as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Key
from dispatch.core.field_types import RadiusM
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.offers.states import LEAST_ACCEPT_S
from dispatch.offers.states import MOST_ACCEPT_S
from dispatch.offers.states import AskedState
from dispatch.offers.states import OfferState
from dispatch.writes.command import Command
from dispatch.writes.command import PlacedCommand
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
_MOST_NAMED = 500


class MakeOffer(Command):
    """Put an incident to several crews at once."""

    radius_m: Annotated[
        RadiusM | None,
        Field(description="all suitable idle crews within it; the setting's when none is named"),
    ] = None
    crew_ids: Annotated[
        list[Id] | None,
        Field(
            min_length=1,
            max_length=_MOST_NAMED,
            description="these crews, wherever they are; with radius_m in addition to those within",
        ),
    ] = None
    accept_within_s: Annotated[
        Finite,
        Field(
            ge=LEAST_ACCEPT_S,
            le=MOST_ACCEPT_S,
            description="seconds after which the offer is over and the desk is alarmed",
        ),
    ]
    replaces: Annotated[
        Id | None,
        Field(description="an open offer of this incident that is withdrawn in the same step"),
    ] = None
    client_id: Key | None = None


class AnswerOffer(RepeatableCommand, PlacedCommand):
    """A crew accepts or declines, or has seen an offer."""

    crew_id: Annotated[
        Id | None, Field(description="for the desk, which answers for a crew told by radio")
    ] = None
    reason: Reason | None = None


class WithdrawOffer(RepeatableCommand):
    """The desk takes an offer back."""

    reason: Reason | None = None


@with_config(_ANSWER)
class AskedCrewAnswer(TypedDict):
    """One crew that an offer asks."""

    crew_id: int
    crew_name: str
    state: AskedState
    seen_at: InstantText | None
    declined_at: InstantText | None
    reason: str | None
    distance_m: Annotated[float, Field(description="in a straight line, when it was asked")]
    travel_time_s: Annotated[
        float | None, Field(description="by road; null when none could be told")
    ]
    free_in_s: Annotated[float, Field(description="until it is done with what it has in hand")]
    busy: Annotated[
        bool, Field(description="had an order when asked: this one would wait behind it")
    ]


@with_config(_ANSWER)
class OfferBriefAnswer(TypedDict):
    """The newest offer of an incident, in a few numbers."""

    id: int
    state: OfferState
    made_at: InstantText
    made_by: str
    radius_m: Annotated[float | None, Field(description="null when all crews were named")]
    accept_until: InstantText
    ended_at: InstantText | None
    ended_by: Annotated[
        str | None,
        Field(
            description="who withdrew it; or crew_sent, incident_closed, incident_cancelled or"
            " incident_merged"
        ),
    ]
    taken_by: Annotated[str | None, Field(description="the crew's name")]
    asked: int
    seen: int
    declined: int


@with_config(_ANSWER)
class OfferAnswer(OfferBriefAnswer):
    """An offer with everybody whom it asks, those that would be there first on top."""

    incident_id: int
    taken_by_id: int | None
    assignment_id: Annotated[int | None, Field(description="the order of the crew that took it")]
    reason: str | None
    crews: list[AskedCrewAnswer]


@with_config(_ANSWER)
class OffersAnswer(TypedDict):
    """Offers, the newest first."""

    offers: list[OfferAnswer]


@with_config(_ANSWER)
class CrewOfferAnswer(TypedDict):
    """An offer as a crew that it asks sees it: nothing that names the caller."""

    id: int
    state: OfferState
    incident_id: int
    kind: str
    priority: int
    address: str
    lon: float
    lat: float
    distance_m: float
    travel_time_s: float | None
    busy: Annotated[bool, Field(description="accepted, it waits behind the crew's present order")]
    made_at: InstantText
    made_by: str
    accept_until: InstantText
    asked: Annotated[int, Field(description="how many crews are asked, this one included")]
    seen_at: InstantText | None
    taken_by: str | None


@with_config(_ANSWER)
class CrewOffersAnswer(TypedDict):
    """What a crew is asked and may still accept, oldest first."""

    server_time: InstantText
    offers: list[CrewOfferAnswer]
