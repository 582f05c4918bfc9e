"""The facts of a report, the sections that other rooms add, and the commands and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Key
from dispatch.core.instants import InstantText
from dispatch.deliveries.states import Failure
from dispatch.writes.command import Command


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a section: what it is and what was found, in both languages."""

    label_en: str
    label_zh: str
    value_en: str
    value_zh: str
    beyond: bool = False
    """Whether it is beyond its limit, and is to be seen."""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """What another room adds to a report: measurements, parts and the like."""

    title_en: str
    title_zh: str
    lines: Sequence[ReportLine]
    order: int = 50
    """Which of several goes first; the least does."""
    at: datetime | None = None
    """When it was measured."""


@dataclass(frozen=True, slots=True)
class ReportStep:
    """A step of the order, by the name of its time column."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportPhoto:
    """A photo as it is printed: JPEG, small."""

    jpeg: bytes
    taken_at: datetime | None
    caption: str


@dataclass(frozen=True, slots=True)
class ReportSignature:
    """What the customer signed, or why not."""

    signer_name: str
    strokes: str | None
    width: int | None
    height: int | None
    refusal: str | None
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class WorkReport:
    """All that stands in the report of one order; nothing of callers, other crews or the desk."""

    assignment_id: int
    incident_id: int
    company_name: str
    kind_en: str
    kind_zh: str
    address: str
    lonlat: tuple[float, float]
    reported_at: datetime
    crew_name: str
    steps: Sequence[ReportStep]
    minutes_on_scene: int | None
    outcome_en: str
    outcome_zh: str
    result: str
    photos: Sequence[ReportPhoto]
    photos_left_out: int
    signature: ReportSignature | None
    sections: Sequence[ReportSection] = field(default_factory=tuple)

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return f"report-{self.incident_id}-{self.assignment_id}.pdf"


class SendWorkReport(Command):
    """Send the customer the link to an order's report, by the number that the caller left."""

    language: Annotated[Literal["en", "zh"], Field(description="of the message")] = "zh"
    client_id: Key | None = None


@with_config(ConfigDict(extra="forbid", title="WorkReportStatus"))
class WorkReportStatusAnswer(TypedDict):
    """Whether an order has a report, and whether the customer was sent it."""

    assignment_id: int
    url: Annotated[str | None, Field(description="of the PDF; null until the order is completed")]
    can_be_sent: Annotated[
        bool, Field(description="a number is known and a gateway there, and it was not sent yet")
    ]
    requested_at: InstantText | None
    requested_by: str | None
    sent_at: InstantText | None
    failure: Annotated[Failure | None, Field(description="why it could not be sent")]
    link_opened_count: Annotated[int, Field(description="how often the customer looked")]
