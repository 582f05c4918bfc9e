"""Calendar files as RFC 5545 has them, read back by a parser of our own."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.shifts.icalendar_text import FeedShift
from dispatch.shifts.icalendar_text import calendar_text

START = datetime(2026, 3, 28, 19, 0, tzinfo=UTC)


def unfolded(words: str) -> list[str]:
    """Return the content lines of a file; every one ends with CR LF, none is too long."""
    assert words.endswith("\r\n")
    lines = words[:-2].split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any(letter in line for line in lines for letter in "\r\n")
    whole: list[str] = []
    for line in lines:
        if line.startswith(" "):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return whole


def plain(value: str) -> str:
    """Return an escaped text as it was."""
    found, letters = "", iter(value)
    for letter in letters:
        assert letter not in ";,"
        escaped = next(letters) if letter == "\\" else None
        found += "\n" if escaped == "n" else escaped or letter
    return found


def test_a_night_shift_is_told_in_utc() -> None:
    """20:00 in Paris before the change to 08:00 after it: eleven hours."""
    shift = FeedShift("shift-7@nearcrew", START, START + timedelta(hours=11), "Night", 3, START)

    lines = unfolded(calendar_text("Crew 7", [shift]))

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    event = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    assert dict(line.split(":", 1) for line in event) == {
        "UID": "shift-7@nearcrew",
        "DTSTAMP": "20260328T190000Z",
        "LAST-MODIFIED": "20260328T190000Z",
        "DTSTART": "20260328T190000Z",
        "DTEND": "20260329T060000Z",
        "SEQUENCE": "3",
        "SUMMARY": "Night",
    }


@given(summary=st.text(max_size=120))
def test_any_name_comes_back_from_the_file(summary: str) -> None:
    """Commas, new lines and letters of four bytes; control characters are spaces."""
    summary = summary.encode("utf-8", "ignore").decode()

    lines = unfolded(calendar_text("Crew", [FeedShift("1", START, START, summary, 0, START)]))

    told = next(line for line in lines if line.startswith("SUMMARY:"))
    expected = "".join(each if each.isprintable() or each == "\n" else " " for each in summary)
    assert plain(told.removeprefix("SUMMARY:")) == expected


def test_a_calendar_without_shifts_is_still_one() -> None:
    """The standard wants at least one component."""
    lines = unfolded(calendar_text("Crew", []))

    assert "BEGIN:VTIMEZONE" in lines
    assert "BEGIN:VEVENT" not in lines
