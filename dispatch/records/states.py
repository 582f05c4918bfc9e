"""States of a photo, and why one is refused. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from dispatch.core.errors import N_


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
    """Not a JPEG, PNG, WebP or HEIC file."""
    DAMAGED = "damaged"
    """Cut off, or with contents that no decoder understands."""
    TOO_MANY_PIXELS = "too_many_pixels"
    """It would unfold into more than `picture_headers.MOST_UNFOLDED_BYTES`."""
    TOO_COSTLY = "too_costly"
    """Decoding it took more memory or time than a picture needs, or ended the decoder."""


PHOTO_REFUSAL_LABELS: Mapping[PhotoRefusal, str] = MappingProxyType(
    {
        PhotoRefusal.NO_PICTURE: N_("it is no JPEG, PNG, WebP or HEIC picture"),
        PhotoRefusal.DAMAGED: N_("the file is damaged or cut off"),
        PhotoRefusal.TOO_MANY_PIXELS: N_("it has too many pixels"),
        PhotoRefusal.TOO_COSTLY: N_("showing it would take too much of the server"),
    }
)
"""What the pages say of each, after a colon."""
