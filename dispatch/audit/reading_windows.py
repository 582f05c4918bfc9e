"""How many different records each account has read of late. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ReadingLimit:
    """How many different records one person may read within how long."""

    records: int
    within: timedelta


class ReadingWindow:
    """The different records that one account read within a sliding time."""

    def __init__(self, limit: ReadingLimit) -> None:
        self._limit = limit
        self._read_at: dict[int, datetime] = {}

    def add(self, record_ids: Collection[int], at: datetime) -> int:
        """Add what is read now and return how many different records that makes."""
        for record_id in record_ids:
            # The newest stand last, so that the oldest are found first.
            self._read_at.pop(record_id, None)
            self._read_at[record_id] = at
        self._forget(at - self._limit.within)
        return len(self._read_at)

    def would_be(self, record_ids: Collection[int], at: datetime) -> int:
        """Return how many different records it would be with these."""
        self._forget(at - self._limit.within)
        return len(self._read_at.keys() | set(record_ids))

    def clear(self) -> None:
        """Begin anew, as after a block was lifted."""
        self._read_at.clear()

    def _forget(self, before: datetime) -> None:
        while self._read_at:
            record_id, at = next(iter(self._read_at.items()))
            if at >= before:
                return
            del self._read_at[record_id]
