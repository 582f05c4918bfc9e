"""Changes of rules that wait for somebody else, where two people are demanded for them.

A service that changes rules calls `RuleChanges.hold` before it does anything. Where two people are
demanded the change is then entered instead, and refused with a sentence that says so; once
somebody else approves it, the same service is called again and stores it.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any
from typing import Final
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.roles.models import RuleChange
from dispatch.roles.separation import demanded
from dispatch.roles.separation import require_other
from dispatch.roles.states import Matter
from dispatch.roles.types import RuleChangeAnswer
from dispatch.roles.types import RuleChangeListQuery
from dispatch.roles.types import RuleChangesAnswer
from dispatch.writes.command import Command

Applier = Callable[[Actor, str | None, Mapping[str, Any]], object]
"""Stores an approved change: on whose behalf, of what, and the command's fields."""
_ALL: Final = RuleChangeListQuery()
_LISTING = Listing(
    searched=(RuleChange.what, RuleChange.target, RuleChange.entered_by),
    sorted_by={"entered_at": RuleChange.entered_at, "what": RuleChange.what},
    order="-entered_at",
    key=RuleChange.id,
)
_being_approved: ContextVar[bool] = ContextVar("being_approved", default=False)


class RuleChanges:
    """Enters, approves and refuses changes of rules."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock
        self.appliers: dict[str, Applier] = {}
        """By what is changed; each room's are put in where all services are built."""

    def hold(
        self, actor: Actor, what: str, command: Command | None = None, target: object = None
    ) -> None:
        """Return if a change may be stored now; else enter it.

        The command line is not held: who has the database's key needs nobody's approval.

        Raises
        ------
        Conflict
            ``needs_approval``: it is entered, and waits.
        """
        if actor.account_id is None or _being_approved.get():
            return
        with self._work.writing() as session:
            if not demanded(session, Matter.RULES):
                return
            said = {
                "what": what,
                "target": None if target is None else str(target),
                "command": {} if command is None else command.model_dump(mode="json"),
            }
            if _waits(session, actor, said):  # the same request again
                self._refuse_for_now()
            change = RuleChange(
                **said,
                entered_by_id=actor.account_id,
                entered_by=actor.display_name,
                entered_at=self._clock(),
            )
            session.add(change)
            session.flush()
            self._tell(session, EventKind.RULE_CHANGE_ENTERED, actor, change)
        self._refuse_for_now()

    @staticmethod
    def _refuse_for_now() -> NoReturn:
        raise Conflict(
            "needs_approval", N_("Entered. It holds once somebody else has approved it.")
        )

    def list(self, actor: Actor, query: RuleChangeListQuery = _ALL) -> RuleChangesAnswer:
        """Return the changes that wait, the newest first."""
        actor.require(Permission.RULES_APPROVE)
        rows = select(RuleChange).where(RuleChange.settled_at.is_(None))
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {"changes": [_answer(each) for each in found.rows], "total": found.total}

    def approve(self, actor: Actor, change_id: int) -> None:
        """Store what somebody else entered.

        Raises
        ------
        Conflict
            ``same_person``, ``change_settled``, or what the change itself is refused for now.
        """
        with self._settling(actor, change_id) as (session, change):
            require_other(session, Matter.RULES, actor, change.entered_by_id)
            able = replace(actor, granted=actor.permissions | {Permission.RULES_WRITE})
            token = _being_approved.set(True)
            try:
                self.appliers[change.what](able, change.target, change.command)
            finally:
                _being_approved.reset(token)
            self._settle(session, actor, change, approved=True)

    def refuse(self, actor: Actor, change_id: int) -> None:
        """Refuse what was entered; who entered it may take it back so, too."""
        with self._settling(actor, change_id) as (session, change):
            self._settle(session, actor, change, approved=False)

    @contextmanager
    def _settling(self, actor: Actor, change_id: int) -> Iterator[tuple[Session, RuleChange]]:
        actor.require(Permission.RULES_APPROVE)
        with self._work.writing() as session:
            # Held until it is settled: of two who approve at the same moment one is refused.
            number = min(change_id, LARGEST_ID)
            change = session.get(RuleChange, number, with_for_update=True)
            if change is None:
                raise NotFound.thing("change", change_id)
            if change.settled_at is not None:
                message = N_("%(name)s has settled this already.")
                raise Conflict("change_settled", message, {"name": change.settled_by})
            yield session, change

    def _settle(
        self, session: Session, actor: Actor, change: RuleChange, *, approved: bool
    ) -> None:
        change.approved = approved
        change.settled_at, change.settled_by = self._clock(), actor.display_name
        session.flush()
        kind = EventKind.RULE_CHANGE_APPROVED if approved else EventKind.RULE_CHANGE_REFUSED
        self._tell(session, kind, actor, change)

    def _tell(self, session: Session, kind: EventKind, actor: Actor, change: RuleChange) -> None:
        data = {
            "change_id": change.id,
            "what": change.what,
            "target": change.target,
            "command": change.command,
            "entered_by": change.entered_by,
        }
        events.append(session, kind, actor, at=self._clock(), data=data)


def _waits(session: Session, actor: Actor, said: Mapping[str, Any]) -> bool:
    waiting = select(RuleChange).where(
        RuleChange.settled_at.is_(None),
        RuleChange.entered_by_id == actor.account_id,
        RuleChange.what == said["what"],
    )
    return any(
        (each.target, each.command) == (said["target"], said["command"])
        for each in session.scalars(waiting)
    )


def _answer(row: RuleChange) -> RuleChangeAnswer:
    return {
        "id": row.id,
        "what": row.what,
        "target": row.target,
        "command": row.command,
        "entered_by": row.entered_by,
        "entered_at": instant(row.entered_at),
    }
