"""Deliveries, contacts, phones: what is asked, and the answers as the API shows them."""

from typing import Annotated
from typing import Literal

from pydantic import AfterValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.states import AssignmentState
from dispatch.core.field_types import Id
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.crews.states import Duty
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import DeliveryState
from dispatch.deliveries.states import Failure
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.states import Reply
from dispatch.gateways.states import GatewayKind
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
MOST_CONTACTS = 10
LONGEST_CODE = 100
Language = Literal["en", "zh"]


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


ContactAddress = Annotated[
    str,
    StringConstraints(max_length=200, strip_whitespace=True),
    AfterValidator(_printable),
    Field(description="a telephone number, a chat, a topic: as the gateway knows it"),
]
_Code = Annotated[
    str,
    StringConstraints(max_length=LONGEST_CODE, strip_whitespace=True),
    AfterValidator(_printable),
]
_Url = Annotated[str, StringConstraints(max_length=1_000)]
_KeyText = Annotated[str, StringConstraints(max_length=200)]


class ContactGiven(Command):
    """One way to tell somebody something."""

    channel: Literal["push", "gateway"] = "gateway"
    gateway_id: Id | None = None
    address: ContactAddress = ""
    language: Annotated[Language | None, Field(description="null: the crew's own")] = None


class SetContacts(Command):
    """All ways for one crew, or one role, in the order in which they are tried."""

    contacts: Annotated[list[ContactGiven], Field(max_length=MOST_CONTACTS)]


class RingTest(RepeatableCommand):
    """Ring a crew for trial."""

    channel: Annotated[
        Literal["page", "push", "gateway"] | None, Field(description="null: every way it has")
    ] = None


class RingTests(RepeatableCommand):
    """Ring several crews for trial, by every way they have."""

    crew_ids: Annotated[
        list[Id] | None, Field(max_length=1_000, description="null: all that are on duty")
    ] = None


class Confirm(Command):
    """A crew's page confirms a test ring."""


class Subscribe(Command):
    """A browser of a crew takes pushes from now on."""

    endpoint: _Url
    p256dh: _KeyText
    auth: _KeyText
    language: Language = "en"


class Unsubscribe(Command):
    """A browser takes pushes no longer."""

    endpoint: _Url


class Receipt(Command):
    """What a phone's service worker says of a push that it got."""

    token: _KeyText
    state: Literal["delivered", "seen"] = "delivered"


class GatewayReport(Command):
    """What a gateway says became of a delivery, or what somebody answered to it."""

    delivery_id: Id
    state: Annotated[
        Literal["delivered", "rang", "failed", "seen", "accepted", "declined"],
        Field(description="failed: it could not be passed on; the rest as it came"),
    ]
    code: Annotated[_Code | None, Field(description="the gateway's own, with failed")] = None
    reason: Annotated[Reason | None, Field(description="why it was declined")] = None


@with_config(ConfigDict(extra="forbid", title="Delivery"))
class DeliveryAnswer(TypedDict):
    """One thing told to somebody by one way."""

    id: int
    purpose: Purpose
    channel: DeliveryChannel
    gateway_id: int | None
    gateway_name: str | None
    crew_id: int | None
    role: str | None
    assignment_id: int | None
    incident_id: int | None
    state: DeliveryState
    failure: Annotated[
        Failure | None, Field(description="of the last attempt, also while it is tried again")
    ]
    detail: str | None
    attempts: int
    answer: Reply | None
    requested_at: InstantText
    sent_at: InstantText | None
    delivered_at: InstantText | None
    rang_at: InstantText | None
    seen_at: InstantText | None
    answered_at: InstantText | None
    failed_at: InstantText | None
    cancelled_at: InstantText | None


@with_config(_ANSWER)
class DeliveriesAnswer(TypedDict):
    """Deliveries, oldest first."""

    deliveries: list[DeliveryAnswer]


@with_config(_ANSWER)
class ContactAnswer(TypedDict):
    """One way to tell somebody something, and what it was good for last."""

    id: int
    channel: DeliveryChannel
    gateway_id: int | None
    gateway_name: str | None
    gateway_kind: GatewayKind | None
    address: str
    language: Language | None
    worked_at: InstantText | None
    failed_at: InstantText | None
    failure: Failure | None


@with_config(_ANSWER)
class ContactsAnswer(TypedDict):
    """All ways for one crew or one role, in the order in which they are tried."""

    contacts: list[ContactAnswer]


@with_config(_ANSWER)
class PushKeyAnswer(TypedDict):
    """What a browser needs to take pushes from here."""

    public_key: str


@with_config(_ANSWER)
class SubscribedAnswer(TypedDict):
    """How many browsers of the crew take pushes."""

    phones: int


@with_config(_ANSWER)
class ReceiptAnswer(TypedDict):
    """Whether what the push says still holds; it may have waited for a phone that was off."""

    needed: bool


@with_config(_ANSWER)
class DeliveryReportAnswer(TypedDict):
    """What a delivery is now, and the order that it was about."""

    delivery_id: int
    state: DeliveryState
    assignment_state: AssignmentState | None


@with_config(_ANSWER)
class CrewChannelAnswer(TypedDict):
    """One way to a crew, and what is known of it before it is needed."""

    channel: DeliveryChannel
    gateway_id: int | None
    name: Annotated[str | None, Field(description="the gateway's; null of page and push")]
    address: str | None
    gateway_kind: GatewayKind | None
    works: Annotated[
        bool | None, Field(description="null: never tried; false: the last attempt failed")
    ]
    worked_at: InstantText | None
    failed_at: InstantText | None
    failure: Failure | None
    last_test: DeliveryAnswer | None
    last_real: DeliveryAnswer | None


@with_config(_ANSWER)
class CrewChannelsAnswer(TypedDict):
    """The ways to one crew."""

    crew_id: int
    crew_name: str
    duty: Duty
    channels: list[CrewChannelAnswer]


@with_config(_ANSWER)
class ChannelBoardAnswer(TypedDict):
    """Which way works for whom."""

    crews: list[CrewChannelsAnswer]
    supervisor: list[ContactAnswer]
