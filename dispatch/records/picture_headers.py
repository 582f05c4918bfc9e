"""What the first bytes of a picture say of it: format, size and depth. Nothing is decoded.

The web workers judge uploads by this alone. Opening a file with an imaging library, even lazily,
may already inflate its metadata or reserve memory for every pixel, as large as the sender likes;
a header is read in microseconds, whatever stands behind it.
"""

import struct
from dataclasses import dataclass

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.limits import LARGEST_PHOTO_BYTES
from dispatch.records.heic_headers import heic_size
from dispatch.records.heic_headers import is_heic
from dispatch.records.states import PhotoRefusal

MOST_PIXELS = 50_000_000
"""Phones take at most these by default."""
MOST_UNFOLDED_BYTES = 150_000_000
"""Pixels × depth: 50 million pixels of 24 bits. What a decoder has to hold, whatever the file's own
size: a row of zeros compresses to a thousandth."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_HEADER = struct.Struct(">IIBB")
_FRAME = struct.Struct(">BHHB")
# Start of frame: C0 to CF, but for three that are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9
_WEBP_BITS = 32
"""A WebP is decoded with transparency, whether it has any or not."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What a file says of its picture: pixels and bits a pixel."""

    width: int
    height: int
    bits: int

    @property
    def unfolded_bytes(self) -> int:
        """Return how much a decoder has to hold of it."""
        return self.width * self.height * self.bits // 8


def check_upload(data: bytes) -> None:
    """Refuse what need not be decoded to be refused.

    Raises
    ------
    InvalidInput
        On ``photo``: too large, no picture of a format that is taken, cut off before its size is
        said, or more pixels than are decoded.
    """
    if len(data) > LARGEST_PHOTO_BYTES:
        limit = f"{LARGEST_PHOTO_BYTES // 1_000_000}"
        raise InvalidInput.one("photo", N_("may have at most %(limit)s MB"), limit=limit)
    refusal = judge_header(data)
    if refusal is not None:
        raise _refused(refusal)


def judge_header(data: bytes) -> PhotoRefusal | None:
    """Return why a file need not be decoded, going by its header; None if it has to be tried."""
    header = read_header(data)
    if isinstance(header, PhotoRefusal):
        return header
    if header.width * header.height > MOST_PIXELS or header.unfolded_bytes > MOST_UNFOLDED_BYTES:
        return PhotoRefusal.TOO_MANY_PIXELS
    return None


def read_header(data: bytes) -> PictureHeader | PhotoRefusal:
    """Return what a file says of its picture, or why it says nothing."""
    if data.startswith(_PNG):
        found = _png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        found = _jpeg(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = _webp(data)
    elif is_heic(data):
        size = heic_size(data)
        found = None if size is None else PictureHeader(*size)
    else:
        return PhotoRefusal.NO_PICTURE
    if found is None or found.width == 0 or found.height == 0:
        return PhotoRefusal.DAMAGED
    return found


def _refused(why: PhotoRefusal) -> InvalidInput:
    if why is PhotoRefusal.NO_PICTURE:
        return InvalidInput.one("photo", N_("must be a JPEG, PNG, WebP or HEIC picture"))
    if why is PhotoRefusal.DAMAGED:
        return InvalidInput.one("photo", N_("is damaged or cut off"))
    limit = f"{MOST_PIXELS // 1_000_000}"
    message = N_("may have at most %(limit)s million pixels of 24 bits")
    return InvalidInput.one("photo", message, limit=limit)


def _png(data: bytes) -> PictureHeader | None:
    """Read IHDR, which stands first in every PNG."""
    if data[12:16] != b"IHDR" or len(data) < 16 + _PNG_HEADER.size:
        return None
    width, height, depth, colours = _PNG_HEADER.unpack_from(data, 16)
    channels = _PNG_CHANNELS.get(colours)
    # A palette's pixels are looked up: what is held of them is a byte each at least.
    return None if channels is None else PictureHeader(width, height, max(depth, 8) * channels)


def _jpeg(data: bytes) -> PictureHeader | None:
    """Read the frame's header, behind whatever a camera wrote before it."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004  (JPEG's sign of a marker)
            return None
        marker = data[at + 1]
        if marker in _FRAMES:
            return _jpeg_frame(data, at + 4)
        if marker in {_SCAN, _END}:
            return None
        if marker == 0xFF or marker in _STANDALONE:  # noqa: PLR2004  (filling, or nothing behind)
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004  (as above)
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2:  # noqa: PLR2004  (it counts itself)
            return None
        at += 2 + length
    return None


def _jpeg_frame(data: bytes, at: int) -> PictureHeader | None:
    if len(data) < at + _FRAME.size:
        return None
    depth, height, width, components = _FRAME.unpack_from(data, at)
    return PictureHeader(width, height, depth * components)


def _webp(data: bytes) -> PictureHeader | None:
    """Read the first chunk: of a simple picture, lossy or lossless, or of an extended one."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:  # noqa: PLR2004  (what the longest of the three takes)
        return None
    if kind == b"VP8X":
        width = int.from_bytes(body[4:7], "little") + 1
        height = int.from_bytes(body[7:10], "little") + 1
    elif kind == b"VP8L" and body[0] == 0x2F:  # noqa: PLR2004  (its signature)
        packed = int.from_bytes(body[1:5], "little")
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width = int.from_bytes(body[6:8], "little") & 0x3FFF
        height = int.from_bytes(body[8:10], "little") & 0x3FFF
    else:
        return None
    return PictureHeader(width, height, _WEBP_BITS)
