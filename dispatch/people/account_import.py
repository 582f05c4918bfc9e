"""People from a file: new ones are invited, known ones get the names and roles of their line.

A line's roles are codes, apart by spaces, commas or semicolons. Whoever is new has no password: the
link goes to the address of the line by the gateway that is named, or is made later for each.
"""

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Annotated
from typing import Any
from typing import Final
from typing import Literal

from pydantic import BeforeValidator
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.accounts.account_adding import add_account
from dispatch.accounts.models import Account
from dispatch.accounts.types import NewAccount
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import Clock
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.importing.types import LineFate
from dispatch.people import account_steps
from dispatch.people.changing import Change
from dispatch.people.changing import locked
from dispatch.people.invitations import InvitationService
from dispatch.people.types import SendTo
from dispatch.roles import administrators
from dispatch.roles import granting
from dispatch.roles.administrators import NO_PASSWORD
from dispatch.roles.types import RoleCode
from dispatch.units.models import OrganisationUnit
from dispatch.writes.command import Command

_BETWEEN = re.compile(r"[\s,;，；]+")
_NOBODY_LEFT = N_("Nobody could manage accounts and roles any more: leave one of these out.")


def _split(value: object) -> object:
    """Return the words of a cell."""
    return tuple(filter(None, _BETWEEN.split(value))) if isinstance(value, str) else value


class AccountLine(Command):
    """An account, as a line of a file has it."""

    username: RequiredName
    roles: Annotated[tuple[RoleCode, ...], BeforeValidator(_split), Field(min_length=1)]
    display_name: Name | None = None
    crew: Name | None = None
    unit: Name | None = None
    language: Literal["zh", "en"] | None = None
    gateway: Name | None = None
    address: Name | None = None


HEADINGS: Final = {
    "username": ("User name", "用户名", "账号"),
    "display_name": ("Name", "姓名", "显示名"),
    "roles": ("Roles", "角色"),
    "crew": ("Crew", "班组"),
    "unit": ("Unit", "单元", "组织单元"),
    "language": ("Language", "语言"),
    "gateway": ("Gateway", "网关"),
    "address": ("Address", "地址", "手机号"),
}
"""What else the columns may be called."""
EXAMPLES: Final = {
    "username": "night.desk",
    "roles": "dispatcher planner",
    "display_name": "Night desk",
    "language": "zh",
}


@dataclass(slots=True)
class Known:
    """What all lines of a file need, and what they changed."""

    had_administrator: bool
    accounts: dict[str, int]
    crews: Mapping[str, int]
    units: Mapping[str, int]
    gateways: Mapping[str, int]
    changed: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What the names in a line stand for."""

    crew_id: int | None
    unit_id: int | None
    send_to: SendTo | None


class AccountImport:
    """Reads and stores the lines of a file of accounts."""

    def __init__(self, clock: Clock, invitations: InvitationService) -> None:
        self._clock = clock
        self._invitations = invitations

    def store(self, session: Session, actor: Actor, known: Known, line: AccountLine) -> LineFate:
        """Add the account of a line, or change it where it is otherwise."""
        meant = _Meant(
            _number(known.crews, line.crew, "crew"),
            _number(known.units, line.unit, "unit"),
            _send_to(known, line),
        )
        account_id = known.accounts.get(line.username)
        if account_id is None:
            return self._add(session, actor, known, line, meant)
        account = locked(session, account_id)
        granting.require_over(session, actor, account.id)
        change = Change(session, account, self._clock(), one_of_many=True)
        before = _facts(session, account)
        if line.display_name:
            account.display_name = line.display_name
        if line.language:
            account.language = line.language
        account_steps.give_roles(change, actor, line.roles, meant.crew_id)
        if meant.unit_id is not None:
            account_steps.move(change, actor, meant.unit_id)
        session.flush()
        if _facts(session, account) == before:
            return LineFate.SAME
        known.changed.append(account.id)
        return LineFate.CHANGED

    def finish(self, session: Session, actor: Actor, known: Known) -> None:
        """Hold that somebody can still manage accounts, and leave one event for all changes."""
        if known.had_administrator and not administrators.any_left(session):
            raise Conflict("last_administrator", _NOBODY_LEFT)
        if known.changed:
            data: dict[str, Any] = {"action": "import", "account_ids": known.changed}
            events.append(session, EventKind.ACCOUNTS_CHANGED, actor, at=self._clock(), data=data)

    def _add(
        self, session: Session, actor: Actor, known: Known, line: AccountLine, meant: _Meant
    ) -> LineFate:
        new = NewAccount(
            username=line.username,
            roles=line.roles,
            display_name=line.display_name,
            crew_id=meant.crew_id,
            unit_id=meant.unit_id,
            language=line.language,
        )
        now = self._clock()
        account_id = add_account(session, now, actor, new, NO_PASSWORD, tell=False)
        known.accounts[line.username] = account_id
        known.changed.append(account_id)
        if meant.send_to is not None:
            account = session.get_one(Account, account_id)
            change = Change(session, account, now, one_of_many=True)
            self._invitations.link_within(change, actor, meant.send_to)
        return LineFate.NEW


def known_accounts(session: Session, actor: Actor, lines: Sequence[AccountLine]) -> Known:
    """Read what all lines need."""
    del actor, lines  # its scope holds; there are at most some ten thousand accounts
    administrators.take_turn(session)

    def ids(name: Any, number: Any, *where: Any) -> dict[str, int]:  # noqa: ANN401  (columns)
        return {row[0]: row[1] for row in session.execute(select(name, number).where(*where))}

    return Known(
        administrators.any_left(session),
        ids(Account.username, Account.id),
        ids(Crew.name, Crew.id),
        ids(OrganisationUnit.code, OrganisationUnit.id),
        ids(Gateway.name, Gateway.id, Gateway.removed_at.is_(None)),
    )


def _facts(session: Session, account: Account) -> tuple[object, ...]:
    roles = granting.roles_of_account(session, account.id)
    return (account.display_name, account.language, account.crew_id, account.unit_id, *roles)


def _number(known: Mapping[str, int], name: str | None, column: str) -> int | None:
    if not name:
        return None
    if name not in known:
        raise InvalidInput.one(column, N_("is not known: %(word)s"), word=name)
    return known[name]


def _send_to(known: Known, line: AccountLine) -> SendTo | None:
    gateway_id = _number(known.gateways, line.gateway, "gateway")
    if gateway_id is None and not line.address:
        return None
    if gateway_id is None or not line.address:
        column = "gateway" if gateway_id is None else "address"
        raise InvalidInput.one(column, N_("is required"))
    return SendTo(gateway_id=gateway_id, address=line.address)
