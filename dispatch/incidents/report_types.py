"""Reports as they are added and shown."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.commands.command import Command
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import LongText
from dispatch.core.field_types import Name
from dispatch.core.field_types import Phone
from dispatch.core.instants import InstantText

Channel = Literal["call", "web", "hotline", "meter", "crew", "other"]
"""By which way it was told: a call, a web form, a hotline's ticket (12345), a meter's alarm, …"""


class AddReport(Command):
    """Add another telling of an incident that is known already."""

    channel: Annotated[
        Channel, Field(description="hotline: a ticket of 12345 and the like; meter: an alarm")
    ]
    words: LongText | None = None
    caller_name: Name | None = None
    caller_phone: Phone | None = None
    reference: Annotated[
        Name | None, Field(description="the number it goes by where it came from")
    ] = None
    told_at: Annotated[Instant | None, Field(description="now when not given")] = None
    client_id: Key | None = None

    def said(self) -> dict[str, str]:
        """Return what was said, and by whom; empty where nothing was."""
        return {
            "caller_name": self.caller_name or "",
            "caller_phone": self.caller_phone or "",
            "words": self.words or "",
            "reference": self.reference or "",
        }


@with_config(ConfigDict(extra="forbid", title="Report"))
class ReportAnswer(TypedDict):
    """One telling of an incident."""

    id: int
    incident_id: int
    channel: Channel
    told_at: InstantText
    received_at: InstantText
    taken_by: str
    caller_name: str
    caller_phone: str
    words: str
    reference: str


@with_config(ConfigDict(extra="forbid", title="Reports"))
class ReportsAnswer(TypedDict):
    """Tellings of an incident, the first one first."""

    reports: list[ReportAnswer]
