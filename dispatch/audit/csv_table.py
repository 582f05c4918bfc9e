"""The trail as CSV for spreadsheets. Pure."""

import json
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.audit.types import TrailEntryAnswer
from dispatch.core.csv_lines import MARK
from dispatch.core.csv_lines import harmless
from dispatch.core.csv_lines import lines

_COLUMNS = ("id", "at", "kind", "action", "who", "account", "subject", "number", "before", "after")


def head() -> bytes:
    """Return the first line, behind the mark that says what the file is written in."""
    return (MARK + lines([_COLUMNS])).encode()


def rows(entries: Iterable[TrailEntryAnswer], zone: ZoneInfo) -> bytes:
    """Return lines of entries; times are ISO 8601 in the desk's zone, with its offset."""
    return lines(_cells(each, zone) for each in entries).encode()


def _cells(entry: TrailEntryAnswer, zone: ZoneInfo) -> list[str]:
    at = datetime.fromisoformat(entry["at"]).astimezone(zone)
    return [
        entry["id"],
        at.isoformat(timespec="milliseconds"),
        entry["kind"].value,
        entry["action"],
        harmless(entry["actor"]),
        "" if entry["actor_id"] is None else str(entry["actor_id"]),
        entry["subject"],
        harmless(" ".join(entry["subject_ids"])),
        _values(entry["before"]),
        _values(entry["after"]),
    ]


def _values(values: object) -> str:
    """Return values as JSON: it begins with a brace, which no spreadsheet takes for a formula."""
    return "" if values is None else harmless(json.dumps(values, ensure_ascii=False))
