"""What a serving database needs now and then; any worker may do it, at any time, twice too."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import text

from dispatch.accounts.models import Credential
from dispatch.commands.models import IdempotencyKey
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork

REPEATABLE = timedelta(days=7)
"""How long a repeated request still gets the answer of the first."""
_ENSURE_DAY = text("SELECT ensure_position_day(:day)")


class Housekeeping:
    """Forgets what has expired and prepares what is about to be needed."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def run(self) -> None:
        """Do it all; nothing here waits for people or holds up a dispatch."""
        now = self._clock()
        with self._work.writing() as session:
            session.execute(delete(Credential).where(Credential.expires_at < now))
            session.execute(
                delete(IdempotencyKey).where(IdempotencyKey.created_at < now - REPEATABLE)
            )
        for day in (now.date(), (now + timedelta(days=1)).date()):
            with self._work.writing() as session:
                session.execute(_ENSURE_DAY, {"day": day})
