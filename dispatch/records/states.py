"""States of a photo, and why one is refused. Pure."""

from enum import StrEnum


class PhotoState(StrEnum):
    """How far a photo is. Only a `SHOWN` one has a picture."""

    RECEIVED = "received"
    """The file is kept as it came, and waits for a worker to decode it."""
    SHOWN = "shown"
    REFUSED = "refused"
    """It could not be decoded; nothing of the file is kept."""
    ERASED = "erased"
    """It was kept as long as photos are kept."""


COUNTED_PHOTOS = (PhotoState.RECEIVED, PhotoState.SHOWN)
"""What the number of an incident's photos counts."""


class PhotoRefusal(StrEnum):
    """Why a file is not shown."""

    NO_PICTURE = "no_picture"
    """Not a JPEG, PNG or WebP file."""
    DAMAGED = "damaged"
    """Cut off, or with contents that no decoder understands."""
    TOO_MANY_PIXELS = "too_many_pixels"
    """It would unfold into more than `picture_headers.MOST_UNFOLDED_BYTES`."""
    TOO_COSTLY = "too_costly"
    """Decoding it took more memory or time than a picture needs, or ended the decoder."""
