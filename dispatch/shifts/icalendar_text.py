"""Shifts as an iCalendar file (RFC 5545). Pure.

Times are in UTC, so that no time zone has to be described. Lines are folded at 75 bytes and end
with CR LF; texts are escaped. A shift keeps its UID, and its SEQUENCE rises when it changes.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from typing import NamedTuple

_MOST_BYTES: Final = 75
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_UTC: Final = (
    *("BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "TZNAME:UTC", "END:STANDARD", "END:VTIMEZONE"),
)


class FeedShift(NamedTuple):
    """A shift in a feed."""

    uid: str
    begins_at: datetime
    ends_at: datetime
    summary: str
    version: int
    changed_at: datetime


def calendar_text(name: str, shifts: Iterable[FeedShift]) -> str:
    """Return a calendar file.

    Parameters
    ----------
    name
        What calendar programs call it.
    shifts
        What is in it.
    """
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nearcrew//Shifts//EN"),
        *("CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"NAME:{_text(name)}"),
        *(f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"),
    ]
    listed = list(shifts)
    if not listed:
        lines += _UTC  # a calendar without any component is none
    for shift in listed:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{shift.uid}",
            f"DTSTAMP:{_utc(shift.changed_at)}",
            f"LAST-MODIFIED:{_utc(shift.changed_at)}",
            f"DTSTART:{_utc(shift.begins_at)}",
            f"DTEND:{_utc(shift.ends_at)}",
            f"SEQUENCE:{shift.version}",
            f"SUMMARY:{_text(shift.summary)}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _utc(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Return a text escaped; control characters, which a calendar may not hold, become spaces."""
    plain = "".join(each if each.isprintable() or each == "\n" else " " for each in words)
    return plain.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 bytes, never splitting a character."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _MOST_BYTES:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
