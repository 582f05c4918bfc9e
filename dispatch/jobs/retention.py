"""Dropping and erasing what has been kept as long as the settings say.

What may be dropped or erased at all is decided by the database's functions, which belong to the
owner of the tables; the role that a worker has can do nothing of it by itself.
"""

import logging
from dataclasses import dataclass

from sqlalchemy import TextClause
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from dispatch.core.unit_of_work import UnitOfWork

LOG = logging.getLogger(__name__)
_DROP_DAY = text("SELECT drop_oldest_position_day(:days)")
_ERASE_PHOTOS = text("SELECT erase_photos(:days, :most)")
_ERASE_RECORDINGS = text("SELECT erase_recordings(:days, :most)")
_DROP_UNUSED_RECORDINGS = text("SELECT drop_unused_recording_files()")
_ERASE_PERSONAL_DATA = text("SELECT erase_personal_data(:days, :most)")
_AT_ONCE = 100
"""In one transaction, which locks what it erases."""
_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class KeptDays:
    """How many days each is kept."""

    positions: int
    photos: int
    personal_data: int


class Retention:
    """Lets go of what is older; done twice, or by two at once, it does no harm."""

    def __init__(self, unit_of_work: UnitOfWork, kept: KeptDays) -> None:
        self._work = unit_of_work
        self._kept = kept

    def drop_old_positions(self) -> int:
        """Drop the days of position history that are too old; return how many."""
        days = 0
        while self._drop_oldest_day():
            days += 1
        if days:
            LOG.info("Dropped %d days of position history", days)
        return days

    def erase_old_photos(self) -> int:
        """Erase pictures that are too old, with caption and place; return how many."""
        return self._until_none(_ERASE_PHOTOS, self._kept.photos, "photos")

    def erase_old_recordings(self) -> int:
        """Erase video and sound as old as photos get; return how many.

        Files whose request broke off, or repeated another, go too.
        """
        with self._work.writing() as session:
            session.execute(_DROP_UNUSED_RECORDINGS)
        return self._until_none(_ERASE_RECORDINGS, self._kept.photos, "recordings")

    def erase_old_personal_data(self) -> int:
        """Erase names, numbers and words of incidents that ended too long ago; return of how many.

        What happened, when and where, and what a crew did, stays.
        """
        return self._until_none(_ERASE_PERSONAL_DATA, self._kept.personal_data, "incidents")

    def _drop_oldest_day(self) -> bool:
        try:
            with self._work.writing() as session:
                return session.scalar(_DROP_DAY, {"days": self._kept.positions}) is not None
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            # Somebody reads the history for long; the next hour comes.
            LOG.warning("Position history is in use: its oldest day is dropped later")
            return False

    def _until_none(self, erase: TextClause, days: int, what: str) -> int:
        erased = 0
        while True:
            with self._work.writing() as session:
                now = int(session.scalar(erase, {"days": days, "most": _AT_ONCE}) or 0)
            erased += now
            if not now:
                break
        if erased:
            LOG.info("Erased what was personal of %d %s", erased, what)
        return erased
