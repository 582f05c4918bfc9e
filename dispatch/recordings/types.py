"""Recordings as they are added and shown."""

import hashlib
from typing import Annotated
from typing import Any

from pydantic import ConfigDict
from pydantic import Field
from pydantic import WithJsonSchema
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.instants import InstantText
from dispatch.recordings.states import RecordingKind
from dispatch.writes.command import Command
from dispatch.writes.command import OptionalPlace

_FILE = {
    "type": "string",
    "contentMediaType": "video/webm",
    "description": "WebM, MP4 or Ogg, as browsers record it",
}


class AddRecording(OptionalPlace, Command):
    """Add a short video or sound that was recorded of an incident."""

    recording: Annotated[bytes, Field(min_length=1, repr=False), WithJsonSchema(_FILE)]
    kind: RecordingKind
    recorded_at: Annotated[Instant | None, Field(description="when it began")] = None
    duration_s: Annotated[float | None, Field(ge=0, allow_inf_nan=False)] = None
    client_id: Key | None = None

    def sha256(self) -> str:
        """Return the name of the file's content."""
        return hashlib.sha256(self.recording).hexdigest()

    def request(self, sha256: str) -> dict[str, Any]:
        """Return what was said, with the file by the name of its content."""
        return {
            **self.model_dump(mode="json", exclude_unset=True, exclude={"recording"}),
            "recording": sha256,
        }


@with_config(ConfigDict(extra="forbid", title="Recording"))
class RecordingAnswer(TypedDict):
    """What is known of a recording."""

    id: int
    incident_id: int
    crew_id: Annotated[int | None, Field(description="null: added at the desk")]
    author: str
    kind: RecordingKind
    content_type: str
    recorded_at: InstantText | None
    received_at: InstantText
    duration_s: Annotated[float | None, Field(description="as its sender says")]
    lon: float | None
    lat: float | None
    size_bytes: int
    sha256: str
    url: Annotated[str | None, Field(description="null once it was kept long enough and is erased")]


@with_config(ConfigDict(extra="forbid", title="Recordings"))
class RecordingsAnswer(TypedDict):
    """Recordings in the order in which they were made."""

    recordings: list[RecordingAnswer]
