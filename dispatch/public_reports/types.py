"""Reports from the public: what is said, what the desk decides, and the answers."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import WithJsonSchema
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Address
from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Phone
from dispatch.core.field_types import Priority
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import RequiredReason
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.public_reports.states import Proof
from dispatch.public_reports.states import PublicReportState
from dispatch.writes.command import Command
from dispatch.writes.command import OptionalPlace
from dispatch.writes.command import PlacedCommand

_PICTURE = {"type": "string", "contentMediaType": "image/jpeg"}


class SayPublicly(OptionalPlace, Command):
    """What somebody reports on the public page; a place or an address is needed."""

    kind: RequiredName
    phone: Annotated[Phone, Field(min_length=3)]
    address: Address | None = None
    words: Reason | None = None
    photo: Annotated[bytes | None, Field(repr=False), WithJsonSchema(_PICTURE)] = None
    language: Literal["en", "zh"] = "zh"


class RelayedReport(SayPublicly):
    """The same as a relay kept it, with when it came there and its name."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    received_at: Instant


class ConfirmPublicReport(PlacedCommand):
    """Make an incident of a report; what is not said is as it was reported."""

    kind: RequiredName | None = None
    priority: Priority | None = None
    address: Address | None = None


class AttachPublicReport(Command):
    """Say that a report tells of a known incident."""

    incident_id: Id


class DismissPublicReport(Command):
    """Put a report aside, and say why."""

    reason: RequiredReason


class PublicReportListQuery(ListQuery):
    """Which reports."""

    state: PublicReportState | None = None


@with_config(ConfigDict(extra="forbid", title="PublicReport"))
class PublicReportAnswer(TypedDict):
    """A report from the public page."""

    id: int
    state: PublicReportState
    proof: Proof
    received_at: InstantText
    kind: str
    lon: float | None
    lat: float | None
    address: str
    words: str
    caller_phone: str
    has_photo: Annotated[bool, Field(description="it is shown once it belongs to an incident")]
    settled_at: InstantText | None
    settled_by: str | None
    reason: str | None
    incident_id: int | None


@with_config(ConfigDict(extra="forbid", title="PublicReports"))
class PublicReportsAnswer(TypedDict):
    """Reports, the longest waiting first."""

    reports: list[PublicReportAnswer]
    total: int
