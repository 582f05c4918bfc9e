"""What a database in service needs now and then; done twice, or by two at once, it does no harm."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import text

from dispatch.accounts.models import COUNTED_FOR
from dispatch.accounts.models import KNOWN_FOR
from dispatch.accounts.models import Credential
from dispatch.accounts.models import Invitation
from dispatch.accounts.models import KnownOrigin
from dispatch.accounts.models import SignInCount
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deadlines.models import Deadline
from dispatch.proposals.models import Proposal
from dispatch.writes.models import IdempotencyKey

REPEATABLE = timedelta(days=7)
"""How long a repeated request still gets the answer of the first."""
KEEP_DEADLINES = timedelta(days=14)
"""How long one that is done with can be looked at."""
KEEP_FAILED_JOBS = timedelta(days=14)
"""How long a job that failed can be looked at."""
KEEP_PROPOSALS = timedelta(days=90)
"""How long it can be looked up what was proposed; why a crew was sent stays with its order."""
_ENSURE_DAY = text("SELECT ensure_position_day(:day)")
# One that ended well is deleted by its worker.
_FORGET_JOBS = text("""
    DELETE FROM procrastinate_jobs AS job
    WHERE job.status NOT IN ('todo', 'doing') AND NOT EXISTS (
        SELECT FROM procrastinate_events AS event
        WHERE event.job_id = job.id AND event.at >= :before)
""")


class Housekeeping:
    """Deletes what has expired and prepares what is about to be needed."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def forget_expired(self) -> None:
        """Delete what has expired: sign-ins, what is counted of them, old answers, failed jobs."""
        now = self._clock()
        with self._work.writing() as session:
            session.execute(delete(Credential).where(Credential.expires_at < now))
            session.execute(delete(Invitation).where(Invitation.expires_at < now))
            session.execute(delete(SignInCount).where(SignInCount.counted_at < now - COUNTED_FOR))
            session.execute(delete(KnownOrigin).where(KnownOrigin.seen_at < now - KNOWN_FOR))
            session.execute(
                delete(IdempotencyKey).where(IdempotencyKey.created_at < now - REPEATABLE)
            )
            session.execute(delete(Deadline).where(Deadline.done_at < now - KEEP_DEADLINES))
            session.execute(delete(Proposal).where(Proposal.made_at < now - KEEP_PROPOSALS))
            session.execute(_FORGET_JOBS, {"before": now - KEEP_FAILED_JOBS})

    def prepare_days(self) -> None:
        """Make the partitions that hold today's and tomorrow's positions.

        The first position of a day would make its partition too; prepared, nobody waits at
        midnight.
        """
        now = self._clock()
        for day in (now.date(), (now + timedelta(days=1)).date()):
            with self._work.writing() as session:
                session.execute(_ENSURE_DAY, {"day": day})
