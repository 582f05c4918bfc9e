"""Calendar feeds: the secret address at which a calendar program reads a crew's shifts."""

import secrets
from datetime import UTC
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.digests import digest
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.shifts.icalendar_text import FeedShift
from dispatch.shifts.icalendar_text import calendar_text
from dispatch.shifts.models import ShiftFeed
from dispatch.shifts.rota_types import FeedAnswer
from dispatch.writes import row_locks

_TOKEN_BYTES: Final = 24
_BEFORE: Final = timedelta(days=31)
_OF_FEED = text("SELECT * FROM shifts_of_feed(:digest, :since)")
_LIVE = (ShiftFeed.revoked_at.is_(None),)


class FeedService:
    """Makes and revokes addresses, and answers what is read there."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def get(self, actor: Actor, crew_id: int) -> FeedAnswer:
        """Return whether a crew has an address, and who made it; the address itself nobody knows.

        Raises
        ------
        NotFound
            If there is no such crew.
        """
        _require_of_crew(actor, crew_id)
        with self._work.reading() as session:
            if session.get(Crew, min(crew_id, LARGEST_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            return _view(crew_id, _live(session, crew_id))

    def make(self, actor: Actor, crew_id: int) -> FeedAnswer:
        """Make a new address, which is told this once; a former one no longer leads anywhere."""
        _require_of_crew(actor, crew_id)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._work.writing() as session:
            self._revoke(session, crew_id)
            row = ShiftFeed(
                crew_id=crew_id,
                token_digest=digest(token),
                made_at=self._clock(),
                made_by=actor.display_name,
            )
            session.add(row)
            session.flush()
            self._tell(session, actor, crew_id, exists=True)
            return _view(crew_id, row, token)

    def revoke(self, actor: Actor, crew_id: int) -> FeedAnswer:
        """Have the address lead nowhere; repeated, it changes nothing."""
        _require_of_crew(actor, crew_id)
        with self._work.writing() as session:
            if self._revoke(session, crew_id):
                self._tell(session, actor, crew_id, exists=False)
            return _view(crew_id, None)

    def read(self, token: str) -> str:
        """Return a crew's shifts as a calendar file: what is said there is no more than the shifts.

        Raises
        ------
        NotFound
            If the address was never made, or was revoked; which of the two is not told.
        """
        asked = {"digest": digest(token), "since": self._clock() - _BEFORE}
        with self._work.reading() as session:
            rows = session.execute(_OF_FEED, asked).all()
        if not rows:
            raise NotFound.thing("feed", "")
        crew = rows[0].crew_name
        named = [
            FeedShift(
                f"shift-{each.id}@nearcrew",
                each.begins_at.astimezone(UTC),
                each.ends_at.astimezone(UTC),
                f"{crew}: {each.name}" if each.name else crew,
                each.version,
                each.updated_at.astimezone(UTC),
            )
            for each in rows
            if each.id is not None
        ]
        return calendar_text(crew, named)

    def _revoke(self, session: Session, crew_id: int) -> bool:
        """Revoke the address that there is, under the lock of its crew; return whether."""
        crews = row_locks.lock(session, [], [min(crew_id, LARGEST_ID)]).crews
        if crew_id not in crews:
            raise NotFound.thing("crew", crew_id)
        row = _live(session, crew_id)
        if row is None:
            return False
        row.revoked_at = self._clock()
        session.flush()
        return True

    def _tell(self, session: Session, actor: Actor, crew_id: int, *, exists: bool) -> None:
        events.append(
            session,
            EventKind.SHIFT_FEED_CHANGED,
            actor,
            at=self._clock(),
            crew_id=crew_id,
            data={"exists": exists},
        )


def _require_of_crew(actor: Actor, crew_id: int) -> None:
    if not (actor.crew_id == crew_id and actor.may(Permission.SHIFT_OWN)):
        actor.require(Permission.SHIFT_WRITE)


def _live(session: Session, crew_id: int) -> ShiftFeed | None:
    return session.scalar(select(ShiftFeed).where(ShiftFeed.crew_id == crew_id, *_LIVE))


def _view(crew_id: int, row: ShiftFeed | None, token: str | None = None) -> FeedAnswer:
    return {
        "crew_id": crew_id,
        "exists": row is not None,
        "path": None if token is None else f"/shifts/feed/{token}.ics",
        "made_at": None if row is None else instant(row.made_at),
        "made_by": None if row is None else row.made_by,
    }
