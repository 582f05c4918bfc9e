"""Kinds of recordings, and the files that they come in. Pure."""

from enum import StrEnum
from typing import Final

from dispatch.core.limits import LONGEST_AUDIO_S
from dispatch.core.limits import LONGEST_VIDEO_S


class RecordingKind(StrEnum):
    """What was recorded."""

    VIDEO = "video"
    AUDIO = "audio"


class Container(StrEnum):
    """The kinds of files that browsers record."""

    WEBM = "webm"
    MP4 = "mp4"
    OGG = "ogg"
    """Sound of Firefox."""


LONGEST_S: Final = {
    RecordingKind.VIDEO: LONGEST_VIDEO_S,
    RecordingKind.AUDIO: LONGEST_AUDIO_S,
}


def content_type(kind: RecordingKind, container: Container) -> str:
    """Return the media type that a recording is served as."""
    return f"{kind.value}/{container.value}"
