"""Parse a position typed or pasted by a user, in any usual form.

Decimal degrees in either order, degrees with minutes and seconds, N/E/S/W or 北纬/东经 before or
behind, Chinese punctuation, and the word for a shifted datum (gcj, 高德, bd, 百度, …).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from geodata.crs.datum import Datum
from geodata.crs.datum import to_wgs84
from geodata.crs.great_circle import LonLat

_DATUM_WORDS: tuple[tuple[str, Datum], ...] = (
    (r"gcj[-\s]?(?:02)?|amap|gaode|tencent|高德|腾讯|火星(?:坐标)?|国测局(?:坐标)?", Datum.GCJ02),
    (r"bd[-\s]?(?:09)?|baidu|百度", Datum.BD09),
    (r"wgs[-\s]?(?:84)?|gps", Datum.WGS84),
)
_DATUMS = [
    (re.compile(rf"(?<![a-z])(?:{words})(?![a-z])\s*(?:坐标|地图|map)?"), datum)
    for words, datum in _DATUM_WORDS
]
# What may stand around the numbers and says nothing, or says which number is which.
_NAMES = re.compile(
    r"(北纬|南纬|东经|西经|纬度|经度|坐标|位置|latitude|longitude|lat|lon|lng|long|north|south"
    r"|east|west)"
)
_MEANINGS = {
    "北纬": "n", "南纬": "s", "东经": "e", "西经": "w", "纬度": "y", "经度": "x", "坐标": "",
    "位置": "", "latitude": "y", "lat": "y", "longitude": "x", "lon": "x", "lng": "x", "long": "x",
    "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
# Before full-width forms are folded, which would take primes and accents apart. By their numbers,
# because in print one cannot be told from another.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys((0xBA, 0x2DA), "°"),
        **dict.fromkeys((0x2032, 0x2019, 0x2018, 0xB4, 0x60), "'"),
        **dict.fromkeys((0x2033, 0x201D, 0x201C), '"'),
        **dict.fromkeys((0x2212, 0x2013, 0xFF0D), "-"),
        **dict.fromkeys(map(ord, "、，；"), ","),
        **dict.fromkeys(map(ord, "()[]{}（）"), " "),
        ord("。"): ".",
        ord("="): ":",
    }
)
# After the words are gone: 度 is also the end of 百度 and of 经度.
_UNITS = str.maketrans({"度": "°", "分": "'", "秒": '"', ";": ","})
_DECIMAL_COMMAS = re.compile(r"^\s*([-+]?\d{1,3}),(\d+)\s*[;\s]\s*([-+]?\d{1,3}),(\d+)\s*$")
_NUMBER = r"\d+(?:\.\d+)?"
_ANGLE = re.compile(
    rf"""(?P<before>[nsewxy])?[\s:]*
    (?P<sign>[-+])?\s*
    (?P<degrees>{_NUMBER})\s*(?P<unit>°|d(?=\s*\d))?
    (?:\s*(?P<minutes>{_NUMBER})\s*(?:'(?!')|m(?=\s*\d))
       (?:\s*(?P<seconds>{_NUMBER})\s*(?:"|'')?)?
    )?
    (?(before)|\s*(?P<behind>[nsew])(?![a-z]))?""",
    re.VERBOSE,
)
_SPACED = re.compile(  # 43 44 15 N 7 25 10 E
    rf"(?P<degrees>\d{{1,3}})[\s:]+(?P<minutes>\d{{1,2}})[\s:]+(?P<seconds>{_NUMBER})\s*"
    r"(?P<behind>[nsew])(?![a-z])"
)
_BETWEEN = re.compile(r"[\s,/|]*")
_AXIS = {"n": "y", "s": "y", "e": "x", "w": "x", "x": "x", "y": "y"}
_POLE, _ANTIMERIDIAN = 90.0, 180.0
_LONGEST = 120
_SIXTY = 60.0


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed position: ``lonlat`` is in WGS 84, ``datum`` the one it was typed in."""

    lonlat: LonLat
    datum: Datum


@dataclass(frozen=True, slots=True)
class _Angle:
    degrees: float
    axis: str | None
    fine: bool
    """Whether it was written with minutes, a letter or decimals: a house number is none of it."""


def read_coordinates(text: str) -> list[Typed]:
    """Return the positions a text may mean: none, one, or two when the order is ambiguous.

    Two numbers without a letter are latitude first, as maps and telephones write them, unless the
    first is no latitude; if both orders are possible both are returned, that one first. The
    caller, who knows the area of the map, can choose.

    Parameters
    ----------
    text
        As typed or pasted.

    Returns
    -------
    positions
        WGS 84. Empty for a text that is anything else, such as a street with a house number.
    """
    if len(text) > _LONGEST:
        return []
    flat = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()
    datum, flat = _take_datum(flat)
    flat = _DECIMAL_COMMAS.sub(r"\1.\2 \3.\4", flat)
    flat = _NAMES.sub(lambda word: f" {_MEANINGS[word.group()]}", flat).translate(_UNITS)
    flat = flat.strip(" ,:.")
    angles = _angles(flat)
    if angles is None:
        return []
    found = []
    for lon, lat in _orders(*angles):
        if abs(lat) <= _POLE and abs(lon) <= _ANTIMERIDIAN:
            x, y = to_wgs84(lon, lat, datum)
            found.append(Typed((float(x), float(y)), datum))
    return found


def _take_datum(text: str) -> tuple[Datum, str]:
    for pattern, datum in _DATUMS:
        word = pattern.search(text)
        if word is not None:
            return datum, f"{text[: word.start()]} {text[word.end() :]}"
    return Datum.WGS84, text


def _angles(text: str) -> tuple[_Angle, _Angle] | None:
    """Return the two angles of a text that consists of nothing else."""
    found: list[_Angle] = []
    at = 0
    while at < len(text):
        read = _SPACED.match(text, at) or _ANGLE.match(text, at)
        if read is None or len(found) > 1:
            return None
        angle = _angle(read.groupdict())
        if angle is None:
            return None
        found.append(angle)
        gap = _BETWEEN.match(text, read.end())
        at = gap.end() if gap is not None else read.end()
    # Two whole numbers are a house and a street, or an incident and a crew.
    if len(found) != 2 or not all(angle.fine for angle in found):  # noqa: PLR2004  (a pair)
        return None
    return found[0], found[1]


def _angle(part: dict[str, str | None]) -> _Angle | None:
    before, behind = part.get("before"), part["behind"]
    if before and behind:
        return None
    letter = before or behind
    minutes, seconds = float(part["minutes"] or 0), float(part["seconds"] or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    degrees = float(part["degrees"] or 0) + minutes / 60 + seconds / 3600
    if part.get("sign") == "-":
        degrees = -degrees
    if letter in {"s", "w"}:
        degrees = -degrees
    fine = bool(letter or part["minutes"] or part.get("unit") or "." in (part["degrees"] or ""))
    return _Angle(degrees, _AXIS[letter] if letter else None, fine)


def _orders(first: _Angle, second: _Angle) -> Sequence[LonLat]:
    axes = (first.axis, second.axis)
    if axes in {("y", "x"), ("y", None), (None, "x")}:
        return [(second.degrees, first.degrees)]
    if axes in {("x", "y"), ("x", None), (None, "y")}:
        return [(first.degrees, second.degrees)]
    if axes != (None, None):  # twice the same axis
        return []
    return [(second.degrees, first.degrees), (first.degrees, second.degrees)]
