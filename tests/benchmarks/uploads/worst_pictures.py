"""The worst pictures that a phone could be made to send, each within the size that is taken."""

from dispatch.core.limits import LARGEST_PHOTO_BYTES
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import plain_png

_SCAN = b"\xff\xda"
_END = b"\xff\xd9"


def worst_pictures() -> dict[str, bytes]:
    """Return files by what is bad about each."""
    return {
        "large file": encoded(drawn()).ljust(LARGEST_PHOTO_BYTES, b"\0"),
        "unfolds into 144 MB": plain_png(6000, 6000),
        "unfolds into 392 MB": plain_png(7000, 7000, depth=16),
        "thousands of scans": many_scans(4000, LARGEST_PHOTO_BYTES),
    }


def many_scans(side: int, size_bytes: int) -> bytes:
    """Return a progressive JPEG whose last scan, of a few hundred bytes, comes again and again.

    Each is decoded over all of the picture: minutes of the processor, in a file of a few megabytes.
    """
    picture = encoded(drawn(side, side), progressive=True)
    begin = picture.rindex(_SCAN)
    before, last = picture[:begin], picture[begin : picture.rindex(_END)]
    times = (size_bytes - len(before) - len(_END)) // len(last)
    return before + last * times + _END
