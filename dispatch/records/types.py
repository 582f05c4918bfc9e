"""Notes and photos as they are added and shown."""

import hashlib
from typing import Annotated
from typing import Any

from pydantic import ConfigDict
from pydantic import Field
from pydantic import WithJsonSchema
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Caption
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import RequiredText
from dispatch.core.instants import InstantText
from dispatch.records.states import PhotoRefusal
from dispatch.records.states import PhotoState
from dispatch.writes.command import Command
from dispatch.writes.command import OptionalPlace

_PICTURE = {
    "type": "string",
    "contentMediaType": "image/jpeg",
    "description": "JPEG, PNG, WebP or HEIC, at most 10 MB",
}


class AddNote(Command):
    """Write a note about an incident; a crew's becomes a message to the desk."""

    words: RequiredText
    occurred_at: Annotated[
        Instant | None, Field(description="when it was written, by the writer's clock")
    ] = None
    client_id: Key | None = None


class AddPhoto(OptionalPlace, Command):
    """Add a photo of an incident.

    ``taken_at``, ``lon`` and ``lat`` are as the phone's page knows them, for files that do not
    say it themselves.
    """

    photo: Annotated[bytes, Field(min_length=1, repr=False), WithJsonSchema(_PICTURE)]
    caption: Caption | None = None
    taken_at: Instant | None = None
    client_id: Key | None = None

    def sha256(self) -> str:
        """Return the name of the file's content as it came."""
        return hashlib.sha256(self.photo).hexdigest()

    def request(self, sha256: str) -> dict[str, Any]:
        """Return what was said, with the file by the name of its content."""
        return {**self.model_dump(exclude_unset=True, exclude={"photo"}), "photo": sha256}


@with_config(ConfigDict(extra="forbid", title="Note"))
class NoteAnswer(TypedDict):
    """A note."""

    id: int
    incident_id: int
    crew_id: Annotated[
        int | None, Field(description="null: written at the desk; else a message of this crew")
    ]
    author: str
    words: str
    written_at: InstantText
    received_at: InstantText


@with_config(ConfigDict(extra="forbid", title="Notes"))
class NotesAnswer(TypedDict):
    """Notes, the oldest first."""

    notes: list[NoteAnswer]


@with_config(ConfigDict(extra="forbid", title="Photo"))
class PhotoAnswer(TypedDict):
    """What is known of a photo."""

    id: int
    incident_id: int
    crew_id: Annotated[int | None, Field(description="null: added at the desk")]
    author: str
    state: Annotated[
        PhotoState,
        Field(description="received: waits to be decoded; only a shown one has a picture"),
    ]
    refusal: Annotated[PhotoRefusal | None, Field(description="why a refused one is not shown")]
    caption: str
    taken_at: Annotated[
        InstantText | None, Field(description="as the file says, else as the sender says")
    ]
    received_at: InstantText
    lon: float | None
    lat: float | None
    width: Annotated[int | None, Field(description="null, as the next ones, until it is shown")]
    height: int | None
    size_bytes: int | None
    sha256: Annotated[str | None, Field(description="of the JPEG that `url` gives")]
    url: str | None
    thumbnail_url: str | None


@with_config(ConfigDict(extra="forbid", title="Photos"))
class PhotosAnswer(TypedDict):
    """Photos in the order in which they were taken."""

    photos: list[PhotoAnswer]
