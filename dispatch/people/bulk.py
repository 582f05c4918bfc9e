"""One change to many accounts: all of them or none, with one event for all."""

from collections.abc import Callable
from typing import Any

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import bulk
from dispatch.core.bulk import BulkAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.people import account_steps
from dispatch.people.changing import Change
from dispatch.people.changing import locked
from dispatch.people.types import BulkAction
from dispatch.people.types import ChangeAccounts
from dispatch.roles import administrators
from dispatch.roles import granting

_NOBODY_LEFT = N_("Nobody could manage accounts and roles any more: leave one of these out.")


class AccountBulk:
    """Changes many accounts at once."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def change(self, actor: Actor, wanted: ChangeAccounts) -> BulkAnswer:
        """Change accounts, all or none.

        Raises
        ------
        BulkRefused
            If any cannot be changed so, with all that hinders.
        InvalidInput
            If the action needs a role or a unit that is not named.
        Conflict
            ``last_administrator``.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        step = _step(actor, wanted)
        now = self._clock()
        with (
            self._work.writing() as session,
            administrators.one_stays(session, _NOBODY_LEFT),
        ):

            def change(account_id: int) -> None:
                account = locked(session, account_id)
                granting.require_over(session, actor, account.id)
                step(Change(session, account, now, one_of_many=True))

            answer = bulk.for_each(session, wanted.ids, change)
            data: dict[str, Any] = {
                **wanted.model_dump(mode="json", exclude={"ids"}, exclude_none=True),
                "account_ids": sorted(set(wanted.ids)),
            }
            events.append(session, EventKind.ACCOUNTS_CHANGED, actor, at=now, data=data)
        return answer


def _step(actor: Actor, wanted: ChangeAccounts) -> Callable[[Change], None]:
    """Return what is done with each account."""
    role, unit_id = wanted.role, wanted.unit_id
    match wanted.action:
        case BulkAction.DISABLE:
            return lambda change: account_steps.disable(change, actor)
        case BulkAction.ENABLE:
            return lambda change: account_steps.enable(change, actor)
        case BulkAction.SIGN_OUT:
            return lambda change: change.end_sign_ins()
        case BulkAction.MOVE if unit_id is not None:
            return lambda change: account_steps.move(change, actor, unit_id)
        case BulkAction.GIVE_ROLE if role is not None:
            return lambda change: account_steps.add_role(change, actor, role)
        case BulkAction.TAKE_ROLE if role is not None:
            return lambda change: account_steps.take_role(change, actor, role)
    name = "unit_id" if wanted.action is BulkAction.MOVE else "role"
    raise InvalidInput.one(name, N_("is required"))
