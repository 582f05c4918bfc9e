"""Pictures as they come from phones, and as they are kept.

Whatever is sent is decoded and drawn anew: what is kept is JPEG of a size that screens show, turned
the right way up, without a byte of what else a file can carry. When and where it was taken is read
out of it first.

Only `dispatch.records.decoder` calls this, in a process of its own: how much memory and time a file
takes is decided by whoever made the file.
"""

import io
import math
import struct
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from zoneinfo import ZoneInfo

import pi_heif
from PIL import ExifTags
from PIL import Image
from PIL import ImageOps

from dispatch.records.kept_picture import Picture
from dispatch.records.picture_headers import judge_header
from dispatch.records.states import PhotoRefusal

LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_QUALITY, _THUMBNAIL_QUALITY = 84, 72
_UNREADABLE = (
    *(OSError, ValueError, TypeError, SyntaxError, KeyError, IndexError, AttributeError),
    *(struct.error, ArithmeticError, EOFError, RuntimeError),
)
"""What Pillow and libheif raise on damaged files: they are the sender's fault, never ours."""
_FIRST_YEAR = 1990
# One thread: each takes addresses for its stack, of which the decoder has few. Pictures of HEIC
# come upright out of it, whatever their metadata says.
pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
_EXIF_TIME = "%Y:%m:%d %H:%M:%S"


def read_picture(data: bytes, zone: ZoneInfo, now: datetime) -> Picture | PhotoRefusal:
    """Decode a file from outside and draw it anew, or return why that cannot be done.

    Parameters
    ----------
    data
        JPEG, PNG, WebP or HEIC; what it is decides, not what it is called.
    zone
        Where the camera's clock was set, when the file does not say.
    now
        Our clock when it came: nothing was taken after it.
    """
    if (refusal := judge_header(data)) is not None:
        return refusal
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            picture = _upright(opened)
            taken_at, lonlat = _taken(opened, zone, now)
    except MemoryError:
        return PhotoRefusal.TOO_COSTLY
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return PhotoRefusal.TOO_MANY_PIXELS
    except _UNREADABLE:
        return PhotoRefusal.DAMAGED
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Picture(
        image=_jpeg(picture, _QUALITY),
        thumbnail=_jpeg(small, _THUMBNAIL_QUALITY),
        width=picture.width,
        height=picture.height,
        taken_at=taken_at,
        lonlat=lonlat,
    )


def _upright(opened: Image.Image) -> Image.Image:
    """Return the picture small enough, as it is to be looked at, in plain colours."""
    # Before it is turned: JPEG is then decoded at an eighth of its size where that is enough.
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    turned = ImageOps.exif_transpose(opened)
    if turned.has_transparency_data:
        paper = Image.new("RGBA", turned.size, "white")
        paper.alpha_composite(turned.convert("RGBA"))
        turned = paper
    plain = turned.convert("RGB")
    plain.info.clear()  # profiles, comments and the like would be saved again
    return plain


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()


def _taken(
    opened: Image.Image, zone: ZoneInfo, now: datetime
) -> tuple[datetime | None, tuple[float, float] | None]:
    """Return when and where a picture was taken, as far as the file says so credibly."""
    try:
        exif = opened.getexif()
        times = exif.get_ifd(ExifTags.IFD.Exif)
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except _UNREADABLE:
        return None, None
    return _credible(_time(times, place, zone), now), _lonlat(place)


def _credible(taken_at: datetime | None, now: datetime) -> datetime | None:
    if taken_at is None or taken_at.year < _FIRST_YEAR or taken_at > now + timedelta(days=1):
        return None
    return min(taken_at.astimezone(UTC), now)


def _time(
    times: Mapping[int, object], place: Mapping[int, object], zone: ZoneInfo
) -> datetime | None:
    """Return the camera's time: with its own zone, else by satellite, else by the house's zone."""
    try:
        text = str(times[ExifTags.Base.DateTimeOriginal]).strip("\x00 ")
        local = datetime.strptime(text, _EXIF_TIME)  # noqa: DTZ007  (its zone is looked for below)
    except (KeyError, ValueError):
        return _satellite_time(place)
    offset = _offset(times.get(ExifTags.Base.OffsetTimeOriginal))
    if offset is not None:
        return local.replace(tzinfo=offset)
    return _satellite_time(place) or local.replace(tzinfo=zone)


def _offset(raw: object) -> timezone | None:
    """Read ``+08:00``."""
    try:
        return datetime.strptime(str(raw).strip("\x00 "), "%z").tzinfo  # type: ignore[return-value]  # %z gives a timezone
    except ValueError:
        return None


def _satellite_time(place: Mapping[int, object]) -> datetime | None:
    try:
        hour, minute, second = (float(part) for part in place[ExifTags.GPS.GPSTimeStamp])  # type: ignore[attr-defined]  # else refused below
        text = str(place[ExifTags.GPS.GPSDateStamp]).strip("\x00 ")
        day = datetime.strptime(text, "%Y:%m:%d").replace(tzinfo=UTC)
        return day + timedelta(hours=hour, minutes=minute, seconds=second)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None


def _lonlat(place: Mapping[int, object]) -> tuple[float, float] | None:
    lon = _degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
    lat = _degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
    # Cameras that wait for their satellites write zeros.
    return None if lon is None or lat is None or (lon == 0 and lat == 0) else (lon, lat)


def _degrees(
    place: Mapping[int, object], value: int, side: int, negative: str, most: float
) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in place[value])  # type: ignore[attr-defined]  # else refused below
        found = degrees + minutes / 60 + seconds / 3600
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    if str(place.get(side, "")).strip("\x00 ").upper() == negative:
        found = -found
    return found if math.isfinite(found) and abs(found) <= most else None
