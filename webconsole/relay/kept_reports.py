"""What a relay keeps in its file until it has been fetched."""

import json
import sqlite3
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Final

from dispatch.public_reports.relay_messages import RelayQuestion

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS report (
    key TEXT PRIMARY KEY, number INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS shown (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
"""
MOST_KEPT: Final = 500
_AT_ONCE, _BYTES_AT_ONCE = 20, 15_000_000
_WAIT_S: Final = 10.0


class KeptReports:
    """The file; each question opens it anew, so that any thread may ask."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._open() as file:
            file.executescript(_SCHEMA)

    def keep(self, key: str, report: dict[str, Any], at_s: float) -> bool:
        """Keep a report; return False if no more are kept. One with a key that was used is known.

        Keys stay known for a day after their report was fetched: its sender may send it again.
        """
        with self._open() as file:
            file.execute("DELETE FROM used WHERE at < ?", (at_s - 86_400,))
            (kept,) = file.execute("SELECT count(*) FROM report").fetchone()
            if kept >= MOST_KEPT:
                return False
            if file.execute("INSERT OR IGNORE INTO used VALUES (?, ?)", (key, at_s)).rowcount:
                file.execute(
                    "INSERT INTO report SELECT ?, coalesce(max(number), 0) + 1, ? FROM report",
                    (key, json.dumps(report)),
                )
        return True

    def waiting(self) -> list[dict[str, Any]]:
        """Return the oldest reports: a few, and not too many bytes."""
        found: list[dict[str, Any]] = []
        size = 0
        with self._open() as file:
            rows = file.execute("SELECT body FROM report ORDER BY number LIMIT ?", (_AT_ONCE,))
            for (body,) in rows:
                size += len(body)
                if found and size > _BYTES_AT_ONCE:
                    break
                found.append(json.loads(body))
        return found

    def forget(self, keys: Sequence[str]) -> None:
        """Forget reports that were taken."""
        with self._open() as file:
            file.executemany("DELETE FROM report WHERE key = ?", [(each,) for each in keys])

    def show(self, question: RelayQuestion) -> None:
        """Remember what the page is to show."""
        body = question.model_copy(update={"taken": []}).model_dump_json()
        with self._open() as file:
            file.execute("INSERT OR REPLACE INTO shown VALUES (1, ?)", (body,))

    def shown(self) -> RelayQuestion | None:
        """Return what the page is to show; None until this was asked for the first time."""
        with self._open() as file:
            row = file.execute("SELECT body FROM shown").fetchone()
        return None if row is None else RelayQuestion.model_validate_json(row[0])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=_WAIT_S)
        try:
            with connection:
                yield connection
        finally:
            connection.close()
