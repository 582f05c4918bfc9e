"""Callers' pages: what is asked and said, and the answers as the API and the page show them."""

from typing import Annotated
from typing import Literal

from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import WithJsonSchema
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.callers.states import ArrivalNote
from dispatch.callers.states import SmsState
from dispatch.callers.states import Stage
from dispatch.callers.states import StepName
from dispatch.callers.states import StepState
from dispatch.core.field_types import LongText
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.writes.command import Command
from dispatch.writes.command import OptionalPlace

Language = Literal["en", "zh"]
_ANSWER = ConfigDict(extra="forbid")
_PICTURE = {"type": "string", "contentMediaType": "image/jpeg"}


class SendCallerLink(Command):
    """Make the link of a caller, and send it if there is a number and a gateway."""

    language: Annotated[
        Language | None, Field(description="that of the installation when not given")
    ] = None
    sms: Annotated[bool, Field(description="false: only to be read out")] = True


class SayWhere(OptionalPlace, Command):
    """A caller says where he is, once: by place, in words, with a photo of the spot."""

    words: Reason | None = None
    photo: Annotated[bytes | None, Field(repr=False), WithJsonSchema(_PICTURE)] = None


class RateCase(Command):
    """A caller says, once, how it went, and whether somebody is to call."""

    rating: Annotated[int | None, Field(ge=1, le=5)] = None
    words: Reason | None = None
    call_back: Annotated[bool, BeforeValidator(lambda value: value in {True, "yes", "on"})] = False


class ChangeSafetyText(Command):
    """Words for the callers of a kind in both languages; null: those that are shipped."""

    words_en: LongText | None
    words_zh: LongText | None


class CallBackListQuery(ListQuery):
    """Which callers asked to be called."""

    open: Annotated[bool | None, Field(description="true: those whom nobody called yet")] = None


@with_config(ConfigDict(extra="forbid", title="CallerPlace"))
class CallerPlaceAnswer(TypedDict):
    """Where a caller said that he is."""

    report_id: int
    lon: float | None
    lat: float | None
    words: str
    said_at: InstantText


@with_config(ConfigDict(extra="forbid", title="CallerPlaces"))
class CallerPlacesAnswer(TypedDict):
    """What callers said of where they are, the newest first."""

    places: list[CallerPlaceAnswer]


@with_config(ConfigDict(extra="forbid", title="CallerPage"))
class CallerPageAnswer(TypedDict):
    """The page of one caller, as the desk sees it; its address is told only when it is made."""

    report_id: int
    incident_id: int
    language: Language
    made_at: InstantText
    made_by: str
    sms_state: SmsState
    sms_failure: str | None
    sms_at: InstantText | None
    links: Annotated[int, Field(description="that lead to it; 0 once they were revoked or ended")]
    opened_count: int
    last_opened_at: InstantText | None
    expires_at: Annotated[InstantText | None, Field(description="null: not before the case ends")]
    place: CallerPlaceAnswer | None
    rating: int | None
    rating_words: str
    rated_at: InstantText | None
    call_back_asked_at: InstantText | None


@with_config(ConfigDict(extra="forbid", title="CallerPages"))
class CallerPagesAnswer(TypedDict):
    """The pages of an incident's callers, by report."""

    pages: list[CallerPageAnswer]


@with_config(ConfigDict(extra="forbid", title="CallerLink"))
class CallerLinkAnswer(TypedDict):
    """A link, told this once, to be read out."""

    link: str
    page: CallerPageAnswer


@with_config(ConfigDict(extra="forbid", title="CallerCallBack"))
class CallBackAskedAnswer(TypedDict):
    """A caller who asked to be called."""

    report_id: int
    incident_id: int
    caller_name: str
    caller_phone: str
    asked_at: InstantText
    rating: int | None
    words: str
    called_at: InstantText | None
    called_by: str | None
    note: str | None


@with_config(ConfigDict(extra="forbid", title="CallerCallBacks"))
class CallBacksAskedAnswer(TypedDict):
    """Callers who asked to be called, those that wait first."""

    call_backs: list[CallBackAskedAnswer]
    total: int


@with_config(ConfigDict(extra="forbid", title="SafetyText"))
class SafetyTextAnswer(TypedDict):
    """What callers of a kind are told to do."""

    kind: str
    name_en: str
    name_zh: str
    utility: str
    words_en: str
    words_zh: str
    own: Annotated[bool, Field(description="false: as shipped")]


@with_config(_ANSWER)
class SafetyTextsAnswer(TypedDict):
    """Of all kinds, in the order of the form."""

    texts: list[SafetyTextAnswer]


class StepTold(TypedDict):
    """A step of the case."""

    name: StepName
    state: StepState
    at: InstantText | None


class ArrivalTold(TypedDict):
    """When the crew will be there."""

    note: ArrivalNote
    from_at: InstantText | None
    until_at: InstantText | None


class CrewTold(TypedDict):
    """About where the crew is; no more than that."""

    about_m: int
    street: str


class CaseTold(TypedDict):
    """Everything that the page of a caller may show."""

    number: int
    kind_en: str
    kind_zh: str
    address: str
    told_at: InstantText
    stage: Stage
    steps: list[StepTold]
    arrival: ArrivalTold | None
    crew: CrewTold | None
    crew_name: str | None
    joined: bool
    """Others reported the same, and it is one case."""
    repair_due_at: InstantText | None
    safety_en: str
    safety_zh: str
    over: bool
    language: Language
    may_say_where: bool
    where_said: bool
    may_rate: bool
    rating: int | None
    call_back_asked: bool
