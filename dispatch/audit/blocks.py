"""Block who reads too many records, and lift the block again."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.audit.models import ReadingBlock
from dispatch.audit.reading_windows import ReadingLimit
from dispatch.audit.types import LiftBlock
from dispatch.audit.types import ReadingBlocksAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind

LOG = logging.getLogger(__name__)
HOLDS_S = 1.0
"""For how long a worker believes what it last read of blocks; its own it knows at once."""
_LIVE = text("SELECT account_id FROM reading_block WHERE lifted_at IS NULL")
_LISTED = text("""
    SELECT block.id, block.account_id, account.username, account.display_name, block.blocked_at,
        block.records
    FROM reading_block AS block JOIN account ON account.id = block.account_id
    WHERE block.lifted_at IS NULL ORDER BY block.blocked_at DESC, block.id DESC
""")
_HOME = text("SELECT unit_id FROM account WHERE id = :id")
_BLOCK = text("""
    INSERT INTO reading_block (account_id, blocked_at, records) VALUES (:account_id, :at, :records)
    ON CONFLICT (account_id) WHERE lifted_at IS NULL DO NOTHING RETURNING id
""")


class ReadingBlocked(NotAllowed):
    """The account has read too many records, and nobody has looked into it yet."""

    code = "reading_blocked"


class BlockService:
    """Knows who may not read callers' numbers.

    Parameters
    ----------
    elapsed_s
        Seconds that do not go back.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        limit: ReadingLimit,
        elapsed_s: Callable[[], float] = monotonic,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._limit = limit
        self._elapsed_s = elapsed_s
        self._blocked: frozenset[int] = frozenset()
        self._read_at_s = float("-inf")

    def is_blocked(self, account_id: int | None) -> bool:
        """Return whether an account may not read; asked for every answer, so from memory."""
        if self._elapsed_s() - self._read_at_s >= HOLDS_S:
            try:
                with within(EVERYTHING), self._work.reading() as session:
                    self._blocked = frozenset(session.scalars(_LIVE))
            except SQLAlchemyError:  # away, or restarting: who was blocked still is
                LOG.warning("could not look up who is blocked", exc_info=True)
            self._read_at_s = self._elapsed_s()
        return account_id in self._blocked

    def require_unblocked(self, actor: Actor) -> None:
        """Refuse whoever is blocked.

        Raises
        ------
        ReadingBlocked
            Saying who can lift it.
        """
        if self.is_blocked(actor.account_id):
            message = N_(
                "You have read unusually many callers' numbers in a short time. Until a supervisor"
                " has looked into it they are not shown to you."
            )
            raise ReadingBlocked(message)

    def block(self, account_id: int, records: int) -> None:
        """Block an account, once, and alarm the supervisors."""
        now = self._clock()

        def work(session: Session) -> None:
            values = {"account_id": account_id, "at": now, "records": records}
            if session.execute(_BLOCK, values).one_or_none() is not None:
                self._tell(session, EventKind.READING_BLOCKED, SYSTEM, now, account_id, records)

        with within(EVERYTHING), self._work.reading() as session:
            home = session.scalar(_HOME, {"id": account_id})
        # Its own supervisors hear of it.
        with within(Scope(everything=True, home=home, actor_name=SYSTEM.display_name)):
            self._work.run(work)
        self.forget()

    def list(self, actor: Actor) -> ReadingBlocksAnswer:
        """Return who is blocked."""
        actor.require(Permission.READING_UNBLOCK)
        with self._work.reading() as session:
            return {
                "blocks": [
                    {**row._asdict(), "blocked_at": instant(row.blocked_at)}  # type: ignore[typeddict-item]  # the columns named above
                    for row in session.execute(_LISTED)
                ],
                "records": self._limit.records,
                "within_s": self._limit.within.total_seconds(),
            }

    def lift(self, actor: Actor, account_id: int, wanted: LiftBlock) -> None:
        """Let an account read again.

        Raises
        ------
        NotFound
            If it is not blocked.
        Conflict
            ``own_block``: somebody else has to look into it.
        """
        actor.require(Permission.READING_UNBLOCK)
        if actor.account_id == account_id:
            message = N_("Somebody else has to lift the block of your own account.")
            raise Conflict("own_block", message)
        now = self._clock()

        def work(session: Session) -> None:
            found = session.scalar(
                update(ReadingBlock)
                .where(ReadingBlock.account_id == account_id, ReadingBlock.lifted_at.is_(None))
                .values(lifted_at=now, lifted_by=actor.display_name, lift_reason=wanted.reason)
                .returning(ReadingBlock.records)
            )
            if found is None:
                raise NotFound.thing("reading_block", account_id)
            self._tell(session, EventKind.READING_UNBLOCKED, actor, now, account_id, found)

        self._work.run(work)
        self.forget()

    def forget(self) -> None:
        """Read anew who is blocked before the next answer."""
        self._read_at_s = float("-inf")

    @staticmethod
    def _tell(
        session: Session,
        kind: EventKind,
        actor: Actor,
        at: datetime,
        account_id: int,
        records: int,
    ) -> None:
        named = text("SELECT username, display_name FROM account WHERE id = :id")
        account = session.execute(named, {"id": account_id}).one()
        data = {"account_id": account_id, "records": records, **account._asdict()}
        events.append(session, kind, actor, at=at, data=data)
