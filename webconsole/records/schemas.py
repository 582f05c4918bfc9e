"""Shapes of an incident's record: notes, reports and photos, coming in and going out."""

from typing import Annotated

from pydantic import AwareDatetime
from pydantic import Field
from pydantic import StringConstraints

from webconsole.platform.answers import Answer
from webconsole.platform.answers import Instant
from webconsole.platform.requests import Key
from webconsole.platform.requests import LongText
from webconsole.platform.requests import Shape

_Reference = Annotated[str, StringConstraints(max_length=100)]


class NewNote(Shape):
    """What somebody writes down about an incident."""

    words: LongText
    occurred_at: Annotated[
        AwareDatetime | None, Field(description="when it was written, by the writer's clock")
    ] = None
    client_id: Annotated[Key | None, Field(description="repeated requests count once")] = None


class Note(Answer):
    """A note."""

    id: int
    incident_id: int
    crew_id: int | None = Field(description="null: written at the desk")
    author: str
    words: str
    written_at: Instant
    received_at: Instant


class Notes(Answer):
    """Notes, the oldest first."""

    notes: list[Note]


class Photo(Answer):
    """What is known of a photo."""

    id: int
    incident_id: int
    crew_id: int | None = Field(description="null: added at the desk")
    author: str
    caption: str
    taken_at: Instant | None = Field(description="as the file says, else as the sender says")
    received_at: Instant
    lon: float | None
    lat: float | None
    width: int
    height: int
    size_bytes: int
    sha256: str = Field(description="of the JPEG that `url` gives")
    url: str
    thumbnail_url: str


class Photos(Answer):
    """Photos in the order in which they were taken."""

    photos: list[Photo]
