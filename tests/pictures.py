"""Pictures that tests take: drawn, saved in a format, with what a camera writes beside it."""

import io
import struct
import zlib
from datetime import datetime
from typing import Any

from PIL import ExifTags
from PIL import Image
from PIL import ImageDraw
from sqlalchemy import select

from dispatch.bootstrap import Services
from dispatch.records.models import Photo
from dispatch.records.states import PhotoState


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


def plain_png(width: int, height: int, *, depth: int = 8, whole: bool = True) -> bytes:
    """Return a black RGBA PNG, a thousandth of what it unfolds into; not whole: its header only."""
    rows = zlib.compressobj(9)
    row = bytes(1 + width * depth // 2)
    packed = b"".join(rows.compress(row) for _ in range(height if whole else 1)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, 6, 0, 0, 0)
    parts = _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def decode_waiting(services: Services) -> None:
    """Do what a job worker does with the photos that wait, one after the other."""
    query = select(Photo.id).where(Photo.state == PhotoState.RECEIVED).order_by(Photo.id)
    with services.work.reading() as session:
        waiting = session.scalars(query).all()
    for photo_id in waiting:
        services.decoding.decode(photo_id)
