"""Pictures that tests take: drawn, saved in a format, with what a camera writes beside it."""

import io
from datetime import datetime
from typing import Any

from PIL import ExifTags
from PIL import Image
from PIL import ImageDraw


def drawn(width: int = 640, height: int = 480) -> Image.Image:
    """Draw a picture whose left upper quarter is red, so that turning it shows."""
    picture = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2, height // 2), fill="red")
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:  # noqa: ANN401  (Pillow's)
    """Return a picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def exif(
    *,
    taken_at: datetime | None = None,
    offset: str | None = None,
    lonlat: tuple[float, float] | None = None,
    orientation: int | None = None,
) -> Image.Exif:
    """Return what a camera writes: local time, its zone, place, which way it was held."""
    written = Image.Exif()
    if orientation is not None:
        written[ExifTags.Base.Orientation] = orientation
    times = written.get_ifd(ExifTags.IFD.Exif)
    if taken_at is not None:
        times[ExifTags.Base.DateTimeOriginal] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    if offset is not None:
        times[ExifTags.Base.OffsetTimeOriginal] = offset
    if lonlat is not None:
        place = written.get_ifd(ExifTags.IFD.GPSInfo)
        lon, lat = lonlat
        place[ExifTags.GPS.GPSLongitudeRef] = "E" if lon >= 0 else "W"
        place[ExifTags.GPS.GPSLongitude] = _sexagesimal(abs(lon))
        place[ExifTags.GPS.GPSLatitudeRef] = "N" if lat >= 0 else "S"
        place[ExifTags.GPS.GPSLatitude] = _sexagesimal(abs(lat))
    return written


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), ((degrees - whole) * 60 - minutes) * 60
