"""What a file's header says of its picture, read without decoding a pixel."""

import io

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from PIL import Image

from dispatch.core.errors import InvalidInput
from dispatch.records.picture_headers import PictureHeader
from dispatch.records.picture_headers import check_upload
from dispatch.records.picture_headers import read_header
from dispatch.records.states import PhotoRefusal
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import exif
from tests.pictures import plain_png


def refusal(content: bytes) -> str:
    """Return why an upload is refused."""
    with pytest.raises(InvalidInput) as error:
        check_upload(content)
    (field,) = error.value.fields
    assert field.field == "photo"
    return field.message()


@pytest.mark.parametrize(
    ("mode", "kind", "options", "bits"),
    [
        ("RGB", "JPEG", {}, 24),
        ("RGB", "JPEG", {"progressive": True}, 24),
        ("L", "JPEG", {}, 8),
        ("CMYK", "JPEG", {}, 32),
        ("RGB", "PNG", {}, 24),
        ("RGBA", "PNG", {}, 32),
        ("P", "PNG", {}, 8),
        ("I;16", "PNG", {}, 16),
        ("RGB", "WEBP", {}, 32),
        ("RGB", "WEBP", {"lossless": True}, 32),
        ("RGBA", "WEBP", {}, 32),
    ],
)
def test_size_and_depth_are_what_the_file_holds(
    mode: str, kind: str, options: dict[str, bool], bits: int
) -> None:
    """Also behind a camera's own data, which stands before the picture."""
    picture = Image.new(mode, (321, 123))

    for more in ({}, {"exif": exif(orientation=6)}):
        header = read_header(encoded(picture, kind, **options, **more))

        assert header == PictureHeader(321, 123, bits)


def test_a_real_picture_of_7000_by_7000_at_16_bits_is_refused_undecoded() -> None:
    """49 million pixels of 64 bits are 392 MB, in a file of some 400 kB: more than 150 MB."""
    bomb = plain_png(7000, 7000, depth=16)

    assert len(bomb) < 500_000
    assert Image.open(io.BytesIO(bomb)).size == (7000, 7000)
    assert "million pixels of 24 bits" in refusal(bomb)


def test_the_largest_pictures_that_phones_take_pass() -> None:
    """50 million pixels of 24 bits; a few more, or deeper ones, do not."""
    largest = encoded(Image.new("L", (8, 8)), "JPEG").replace(
        b"\x00\x08\x00\x08\x01\x01", b"\x17\x00\x20\x00\x01\x01"
    )

    assert read_header(largest) == PictureHeader(0x2000, 0x1700, 8)
    check_upload(largest)
    check_upload(plain_png(6000, 6000, whole=False))
    assert "million pixels" in refusal(plain_png(6200, 6200, whole=False))
    assert "million pixels" in refusal(plain_png(60_000, 60_000, whole=False))


def test_more_than_ten_megabytes_are_refused() -> None:
    """Whatever they hold."""
    assert refusal(encoded(drawn()) + bytes(10_000_000)) == "may have at most 10 MB"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@given(data=st.data())
@settings(max_examples=60)
def test_whatever_stands_in_a_file_its_header_is_read_or_refused(
    kind: str, data: st.DataObject
) -> None:
    """Cut off or with bytes changed; nothing else is raised."""
    content = bytearray(encoded(drawn(60, 40), kind, exif=exif(orientation=1)))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(0, len(content)))])

    header = read_header(damaged)

    if isinstance(header, PictureHeader):
        assert header.unfolded_bytes >= 0
    else:
        assert header in {PhotoRefusal.NO_PICTURE, PhotoRefusal.DAMAGED}
