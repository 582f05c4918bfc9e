"""What the first bytes of a recording say of the file. Nothing is decoded. Pure."""

from typing import Final

from dispatch.recordings.states import Container

_EBML: Final = b"\x1a\x45\xdf\xa3"
_EBML_DOC_TYPE: Final = b"\x42\x82"
_HEADER_BYTES: Final = 64
"""Within these a Matroska file names its type."""
_MP4_BRANDS: Final = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"dash",
        b"M4A ",
        b"M4V ",
    }
)
_OGG: Final = b"OggS\x00"


def container_of(data: bytes) -> Container | None:
    """Return the kind of file, None if it is none that browsers record."""
    if data.startswith(_EBML):
        return Container.WEBM if _doc_type(data[:_HEADER_BYTES]) == b"webm" else None
    if data[4:8] == b"ftyp":
        return Container.MP4 if data[8:12] in _MP4_BRANDS else None
    return Container.OGG if data.startswith(_OGG) else None


def _doc_type(header: bytes) -> bytes:
    at = header.find(_EBML_DOC_TYPE)
    # The length is a number of variable length; that of four letters is one byte, 84.
    if at < 0 or header[at + 2 : at + 3] != b"\x84":
        return b""
    return header[at + 3 : at + 7]
