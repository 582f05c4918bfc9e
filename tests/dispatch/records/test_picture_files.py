"""What is read out of pictures, what is kept of them, and what is refused."""

import io
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dispatch.records.kept_picture import Picture
from dispatch.records.picture_files import read_picture
from dispatch.records.states import PhotoRefusal
from tests.examples import examples
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import exif

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TAKEN = datetime(2026, 3, 1, 10, 30)  # noqa: DTZ001  (a camera's clock shows no zone)


def read_or_refuse(content: bytes) -> Picture | PhotoRefusal:
    """Read a file in a house in Shanghai; return the picture, or why there is none."""
    return read_picture(content, SHANGHAI, NOW)


def read(content: bytes) -> Picture:
    """Read a file that is a picture."""
    picture = read_or_refuse(content)
    assert isinstance(picture, Picture)
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_becomes_a_jpeg_of_2048_pixels(kind: str) -> None:
    """4096 × 1024 is halved: 2048 × 512; the small one is 320 × 80."""
    actual = read(encoded(drawn(4096, 1024), kind))

    kept = Image.open(io.BytesIO(actual.image))
    assert (kept.format, kept.size) == ("JPEG", (2048, 512))
    assert (actual.width, actual.height) == (2048, 512)
    assert Image.open(io.BytesIO(actual.thumbnail)).size == (320, 80)


def test_a_picture_held_sideways_is_turned_upright() -> None:
    """Orientation 6: the camera was turned right, so the left upper corner goes to the right."""
    actual = read(encoded(drawn(400, 200), exif=exif(orientation=6)))

    kept = Image.open(io.BytesIO(actual.image))
    assert kept.size == (200, 400)
    assert _reddish(kept.getpixel((150, 50)))
    assert not _reddish(kept.getpixel((50, 50)))


def _reddish(pixel: Any) -> bool:  # noqa: ANN401  (a colour of an RGB picture)
    red, green, _ = pixel
    return bool(red > 200 and green < 60)


def test_nothing_of_what_a_file_carries_besides_the_picture_is_kept() -> None:
    """Who took it and with what is nobody's business; neither is a colour profile's text."""
    written = exif(taken_at=TAKEN, lonlat=(121.47, 31.23))
    written[0x010F] = "SecretPhoneMaker"
    content = encoded(drawn(), exif=written, comment=b"SecretComment", icc_profile=b"SecretIcc")

    actual = read(content)

    for kept in (actual.image, actual.thumbnail):
        assert b"Secret" not in kept
        assert b"Exif" not in kept
        assert not Image.open(io.BytesIO(kept)).getexif()


def test_transparent_places_become_white() -> None:
    """Black would look like a hole."""
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))

    actual = read(encoded(clear, "PNG"))

    assert Image.open(io.BytesIO(actual.image)).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("offset", "hour_utc"),
    [("+01:00", 9), ("-03:30", None), (None, 2), ("nonsense", 2)],
    ids=["its own zone", "half an hour", "the house's zone", "no zone at all"],
)
def test_when_it_was_taken_is_read_with_its_zone(offset: str | None, hour_utc: int | None) -> None:
    """10:30 at +01:00 is 09:30 UTC, in Shanghai (+08:00) 02:30.

    At -03:30 it would be 14:00, which is later than now (12:00), so it is now.
    """
    actual = read(encoded(drawn(), exif=exif(taken_at=TAKEN, offset=offset)))

    expected = NOW if hour_utc is None else datetime(2026, 3, 1, hour_utc, 30, tzinfo=UTC)
    assert actual.taken_at == expected


@pytest.mark.parametrize("wrong", [TAKEN + timedelta(days=400), datetime(1980, 1, 1)])  # noqa: DTZ001  (as above)
def test_a_camera_whose_clock_is_wrong_is_not_believed(wrong: datetime) -> None:
    """Neither the future nor the year in which its battery died."""
    assert read(encoded(drawn(), exif=exif(taken_at=wrong))).taken_at is None


@given(lon=st.floats(-180, 180, allow_nan=False), lat=st.floats(-90, 90, allow_nan=False))
@examples(20)
def test_where_it_was_taken_survives_degrees_minutes_and_seconds(lon: float, lat: float) -> None:
    """East and west, north and south; to a metre."""
    actual = read(encoded(drawn(8, 8), exif=exif(lonlat=(lon, lat)))).lonlat

    if abs(lon) < 1e-9 and abs(lat) < 1e-9:
        return
    assert actual == pytest.approx((lon, lat), abs=1e-5)


def test_a_camera_that_waits_for_its_satellites_was_nowhere() -> None:
    """Zero, zero is in the sea off Africa."""
    assert read(encoded(drawn(), exif=exif(lonlat=(0.0, 0.0)))).lonlat is None


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow tells of damaged tags it leaves out
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@given(data=st.data())
@examples(30)
def test_damage_anywhere_is_refused_by_name_or_does_not_show(
    kind: str, data: st.DataObject
) -> None:
    """Cut off or with bytes changed, a file is refused or still gives a whole picture."""
    content = bytearray(encoded(drawn(60, 40), kind, exif=exif(taken_at=TAKEN, lonlat=(7.4, 43.7))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(0, len(content)))])

    actual = read_or_refuse(damaged)

    if isinstance(actual, Picture):
        assert Image.open(io.BytesIO(actual.image)).size == (actual.width, actual.height)
    else:
        assert actual in PhotoRefusal
