"""HEIC, as phones save it: read, turned upright, and refused when it is made to harm.

``files/valve.heic`` is the picture of `tests.pictures.drawn`, 160 × 120: libheif's ``heif-enc``
made it of a JPEG with time and place, and a rotation (``irot``) was added to its boxes by hand.
"""

import io
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dispatch.core.errors import InvalidInput
from dispatch.records.decoder import DecoderLimits
from dispatch.records.decoder_process import decode_apart
from dispatch.records.kept_picture import Picture
from dispatch.records.picture_headers import PictureHeader
from dispatch.records.picture_headers import check_upload
from dispatch.records.picture_headers import read_header
from dispatch.records.states import PhotoRefusal
from tests.examples import examples

HEIC = (Path(__file__).parent / "files" / "valve.heic").read_bytes()
NOW = datetime(2026, 4, 1, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def test_a_heic_picture_is_turned_upright_with_its_time_and_place() -> None:
    """Decoded apart: 160 × 120 turned right is 120 × 160, the red corner at the right."""
    picture = decode_apart(HEIC, UTC_ZONE, NOW, DecoderLimits())

    assert isinstance(picture, Picture)
    kept = Image.open(io.BytesIO(picture.image))
    assert (kept.format, kept.size) == ("JPEG", (120, 160))
    right: Any = kept.getpixel((100, 20))
    left: Any = kept.getpixel((20, 20))
    assert right[0] > 200
    assert right[1] < 60
    assert min(left) > 200
    assert picture.taken_at == datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    assert picture.lonlat == pytest.approx((121.47, 31.23), abs=1e-5)


def test_size_and_depth_of_a_heic_picture_stand_in_its_boxes() -> None:
    """Those of the largest picture in it, before it is turned."""
    assert read_header(HEIC) == PictureHeader(160, 120, 24)


def test_a_heic_file_that_says_it_is_huge_is_refused_undecoded() -> None:
    """60 000 × 60 000 pixels in 800 bytes; and one whose size is not said at all."""
    size = b"ispe\x00\x00\x00\x00"
    said = size + (160).to_bytes(4, "big") + (120).to_bytes(4, "big")
    huge = size + (60_000).to_bytes(4, "big") * 2

    assert HEIC.count(said) == 1
    with pytest.raises(InvalidInput, match="million pixels"):
        check_upload(HEIC.replace(said, huge))
    assert read_header(HEIC.replace(b"ispe", b"nope")) is PhotoRefusal.DAMAGED


def test_what_is_packed_like_heic_and_coded_otherwise_is_no_picture() -> None:
    """AVIF and films begin alike."""
    for brands in (b"avif\x00\x00\x00\x00mif1avif", b"isom\x00\x00\x00\x00isomiso2"):
        assert read_header(b"\x00\x00\x00\x18ftyp" + brands) is PhotoRefusal.NO_PICTURE


# These three end the decoder with a fault of memory: it is why there is a process for it.
@example(at=190, by=162, cut=0)
@example(at=191, by=12, cut=400)
@example(at=192, by=67, cut=700)
@examples(8)
@given(at=st.integers(0, len(HEIC) - 1), by=st.integers(1, 255), cut=st.integers(0, len(HEIC)))
def test_a_damaged_heic_file_is_a_picture_or_a_refusal_and_never_a_fault_of_ours(
    at: int, by: int, cut: int
) -> None:
    """One byte other than it was, or the end missing."""
    changed = bytearray(HEIC)
    changed[at] = (changed[at] + by) % 256

    for content in (bytes(changed), HEIC[:cut]):
        answer = decode_apart(content, UTC_ZONE, NOW, DecoderLimits())

        assert isinstance(answer, Picture | PhotoRefusal)


@examples(300)
@given(st.binary(max_size=400))
def test_no_header_of_a_heic_file_takes_the_reader_down(rest: bytes) -> None:
    """Whatever stands behind its first box."""
    content = HEIC[:28] + rest

    assert isinstance(read_header(content), PictureHeader | PhotoRefusal)
