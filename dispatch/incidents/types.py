"""Incidents and their reports: what is asked of them, and the answers as the API shows them."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.alarms.types import AcknowledgementAnswer
from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.field_types import Address
from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import LongText
from dispatch.core.field_types import Name
from dispatch.core.field_types import Phone
from dispatch.core.field_types import Priority
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.incidents.states import IncidentState
from dispatch.offers.types import OfferBriefAnswer
from dispatch.outcomes.states import Effect
from dispatch.plans.types import AttendanceAnswer
from dispatch.pledge_clocks.types import ClockAnswer
from dispatch.units.types import UnitId
from dispatch.writes.command import Command
from dispatch.writes.command import PlacedCommand
from dispatch.writes.command import RepeatableCommand

Channel = Literal["call", "web", "hotline", "meter", "crew", "other"]
"""By which way it was told: a call, a web form, a hotline's ticket (12345), a meter's alarm, …"""
_ANSWER = ConfigDict(extra="forbid")


class CreateIncident(Command):
    """An incident as first told."""

    kind: Annotated[RequiredName, Field(description="code of an incident kind, such as gas_leak")]
    lon: Lon
    lat: Lat
    priority: Priority | None = None
    address: Address | None = None
    description: LongText | None = None
    caller_name: Name | None = None
    caller_phone: Phone | None = None
    channel: Annotated[
        Channel | None, Field(description="how it was told; a call when not given")
    ] = None
    told_at: Annotated[
        Instant | None,
        Field(description="when the call began, by the call taker's clock; now when not given"),
    ] = None
    unit_id: UnitId | None = None
    client_id: Key | None = None


class ChangeIncident(PlacedCommand):
    """What to change of an incident; fields not named, or null, stay as they are."""

    kind: Name | None = None
    priority: Priority | None = None
    address: Address | None = None
    description: LongText | None = None
    caller_name: Name | None = None
    caller_phone: Phone | None = None
    expected_version: Version | None = None


class MoveIncident(RepeatableCommand):
    """Give an incident to another unit of its company."""

    unit_id: Id


class AddReport(Command):
    """Another telling of an incident that is known already."""

    channel: Annotated[
        Channel, Field(description="hotline: a ticket of 12345 and the like; meter: an alarm")
    ]
    words: LongText | None = None
    caller_name: Name | None = None
    caller_phone: Phone | None = None
    reference: Annotated[
        Name | None, Field(description="the number it goes by where it came from")
    ] = None
    told_at: Instant | None = None
    client_id: Key | None = None


WorkS = Annotated[
    Finite, Field(ge=60, le=86_400, description="how long the work usually takes, seconds")
]


class AddKind(Command):
    """A new kind of incident, with outcomes, plan and check-ins of another to begin with."""

    code: Annotated[RequiredName, Field(description="code, such as gas_leak")]
    like: Annotated[RequiredName, Field(description="code of the kind that it is like")]
    utility: Literal["gas", "heat", "water", "power"]
    name_en: RequiredName
    name_zh: RequiredName
    default_priority: Priority
    work_s: WorkS
    skill: Skill | None = None


class ChangeKind(Command):
    """What becomes another of a kind; null for a skill: it needs none."""

    name_en: RequiredName | None = None
    name_zh: RequiredName | None = None
    default_priority: Priority | None = None
    work_s: WorkS | None = None
    skill: Skill | None = None


@with_config(_ANSWER)
class KindAnswer(TypedDict):
    """A kind of incident."""

    code: str
    utility: str
    name_en: str
    name_zh: str
    default_priority: int
    work_s: float
    skill: str | None
    equipment: Annotated[list[str], Field(description="what one of the crews there has to bring")]
    danger_radius_m: Annotated[
        float | None, Field(description="how far around it people are in danger, in metres")
    ]


@with_config(_ANSWER)
class KindsAnswer(TypedDict):
    """All kinds of incidents, in the order of the form."""

    kinds: list[KindAnswer]


@with_config(_ANSWER)
class IncidentAnswer(TypedDict):
    """Something at a place that needs a crew."""

    id: int
    unit_id: int
    kind: str
    utility: str
    priority: int
    state: IncidentState
    version: int
    lon: float
    lat: float
    address: str
    description: str
    caller_name: str
    caller_phone: str
    reported_at: InstantText
    created_at: InstantText
    updated_at: InstantText
    closed_at: InstantText | None
    outcome_reason: str | None
    outcome_effect: Annotated[
        Effect | None,
        Field(
            description="what the outcomes of its crews mean together; resolved with follow_up is "
            "made safe, not done"
        ),
    ]
    follow_up_of: Annotated[
        int | None, Field(description="the incident that was made safe and whose repair this is")
    ]
    follow_up_id: Annotated[
        int | None, Field(description="the incident in which its repair follows; the newest")
    ]
    merged_into: Annotated[
        int | None, Field(description="the incident that a merged one leads to, never a merged one")
    ]
    merged_count: Annotated[
        int, Field(description="incidents merged into it, whose entries are read with its own")
    ]
    danger_radius_m: Annotated[
        float | None, Field(description="in metres, its own or its kind's; null: no such circle")
    ]
    danger_radius_set: Annotated[bool, Field(description="whether that was set for it alone")]
    due_at: Annotated[InstantText | None, Field(description="by when a follow-up is to be done")]
    erased_at: Annotated[
        InstantText | None,
        Field(description="when its personal data was erased, having been kept long enough"),
    ]
    reports_count: int
    notes_count: int
    photos_count: int
    recordings_count: int
    messages_count: Annotated[int, Field(description="for the desk; 0 for a crew")]
    unread_from_crews: Annotated[
        int, Field(description="messages of crews that nobody at the desk has read; 0 for a crew")
    ]
    assignments: list[AssignmentAnswer]
    attendance: Annotated[
        AttendanceAnswer | None,
        Field(description="how far its response plan is filled; null once it has ended"),
    ]
    offer: Annotated[
        OfferBriefAnswer | None,
        Field(description="the newest to several crews of its present round; null for crews"),
    ]
    acknowledgements: Annotated[
        list[AcknowledgementAnswer],
        Field(description="who has seen which alarm last; empty for crews"),
    ]
    clocks: Annotated[
        list[ClockAnswer], Field(description="of what was pledged for it, the oldest first")
    ]


@with_config(_ANSWER)
class IncidentsAnswer(TypedDict):
    """Incidents, newest first."""

    incidents: list[IncidentAnswer]


@with_config(_ANSWER)
class CallBackAnswer(TypedDict):
    """That somebody called back, and what was said."""

    called_at: InstantText
    called_by: str
    note: str


@with_config(_ANSWER)
class ReportAnswer(TypedDict):
    """One telling of an incident."""

    id: int
    incident_id: Annotated[int, Field(description="a merged one's number, if it came with that")]
    channel: Channel
    told_at: InstantText
    received_at: InstantText
    taken_by: str
    caller_name: str
    caller_phone: str
    words: str
    reference: str
    call_back: Annotated[
        CallBackAnswer | None, Field(description="null: nobody called back, or nobody has to")
    ]


@with_config(_ANSWER)
class ReportsAnswer(TypedDict):
    """Tellings of an incident, the first one first, with those of what was merged into it."""

    reports: list[ReportAnswer]
    total: Annotated[int, Field(description="how many there are, on all pages")]
    to_call_back: Annotated[
        int, Field(description="people who can be called back and were not; 0 for a crew")
    ]
    next_after_id: Annotated[int | None, Field(description="where the next page begins")]
