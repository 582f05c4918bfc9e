"""A picture as it is kept."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture, drawn anew.

    ``image`` and ``thumbnail`` are JPEG without metadata; ``width`` and ``height`` are of the
    image, in pixels, as it is looked at; ``lonlat`` is WGS 84, longitude first.
    """

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None
    lonlat: tuple[float, float] | None
