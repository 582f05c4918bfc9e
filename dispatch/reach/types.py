"""The signs that a crew's page gives, and the answer to whether a crew can be reached."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Key
from dispatch.core.instants import InstantText
from dispatch.core.instants import instant
from dispatch.reach.states import Channel
from dispatch.reach.states import PhoneTrouble
from dispatch.reach.states import Reachable
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


class ReportReach(Command):
    """A sign of a crew's page, given every 15 seconds and at each change."""

    device: Annotated[Key, Field(description="a name that the page gives itself")]
    page: Annotated[Literal["open", "closed"], Field(description="closed: it is being left")]
    sound: Annotated[bool, Field(description="whether the browser lets the page make a sound")]


class ReportPhoneCheck(Command):
    """What a crew's phone found that will not work on it."""

    device: Annotated[Key, Field(description="a name that the browser gives itself, and keeps")]
    model: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=80), Field(description="of phone")
    ] = ""
    troubles: Annotated[
        tuple[PhoneTrouble, ...],
        Field(max_length=len(PhoneTrouble), strict=False, description="none: everything works"),
    ]


@with_config(_ANSWER)
class PhoneCheckAnswer(TypedDict):
    """One phone of a crew and what will not work on it."""

    model: str
    checked_at: InstantText
    troubles: list[PhoneTrouble]


@with_config(_ANSWER)
class PhoneChecksAnswer(TypedDict):
    """The phones of a crew, the one checked last first."""

    phones: list[PhoneCheckAnswer]


@with_config(_ANSWER)
class ReachableAnswer(TypedDict):
    """Whether a crew can be told of an order, and by which way."""

    channels: Annotated[
        list[Channel],
        Field(
            description="the best first; page: an order rings; push, gateway: it is told with its"
            " page closed, too; page_mute: its page is open, but silent; tracker: it can be seen"
            " and not be told; none: its page is closed"
        ),
    ]
    since: Annotated[
        InstantText | None, Field(description="since when; null when it was never open")
    ]


def reachable_answer(found: Reachable) -> ReachableAnswer:
    """Return it as the API shows it."""
    return {"channels": list(found.channels), "since": instant(found.since)}
