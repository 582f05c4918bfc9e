"""Tokens that programs carry: named, limited to some permissions, expiring, shown once."""

import secrets
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy import insert
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.accounts.models import Credential
from dispatch.accounts.service import TOKEN
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.people.changing import AccountKey
from dispatch.people.changing import change_in
from dispatch.people.changing import changing
from dispatch.people.types import IssuedTokenAnswer
from dispatch.people.types import IssueToken
from dispatch.people.types import ProgramTokenAnswer
from dispatch.people.types import ProgramTokensAnswer
from dispatch.people.types import TokenListQuery
from dispatch.roles import granting

_ALL = TokenListQuery()
_LISTING = Listing(
    searched=(Credential.name, Account.username, Account.display_name),
    sorted_by={
        "name": Credential.name,
        "username": Account.username,
        "created_at": Credential.created_at,
        "used_at": Credential.seen_at,
        "expires_at": Credential.expires_at,
    },
    order="name",
    key=Credential.id,
)
_NAMED: Final[ColumnElement[bool]] = Credential.name.is_not(None)


class TokenService:
    """What can be done with programs' tokens."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def issue(self, actor: Actor, key: AccountKey, wanted: IssueToken) -> IssuedTokenAnswer:
        """Make a token for a program, on the actor's own account or on a program's.

        Nobody acts in another person's name: accounts of people get none from others.

        Raises
        ------
        InvalidInput
            On ``scopes``, if the account may not do that now.
        NotAllowed
            If the account is another person's, or the token could do what the actor may not.
        Conflict
            ``account_disabled``.
        """
        secret = secrets.token_urlsafe(32)
        with changing(self._work, self._clock, actor, key, needs=Permission.TOKEN_WRITE) as change:
            session, account = change.session, change.account
            if account.disabled_at is not None:
                message = N_("%(name)s is disabled.")
                raise Conflict("account_disabled", message, {"name": account.username})
            roles = granting.roles_of_account(session, account.id)
            if account.id != actor.account_id and Role.INTEGRATION not in roles:
                message = N_("A token is made for a program's account, or for one's own.")
                raise NotAllowed(message)
            may = granting.permissions_of(session, roles)
            scopes = None if wanted.scopes is None else sorted(set(wanted.scopes))
            beyond = [each for each in scopes or () if each not in may]
            if beyond:
                message = N_("this account may not do: %(permission)s")
                raise InvalidInput.one("scopes", message, permission=", ".join(beyond))
            granting.require_has_all(actor, may if scopes is None else scopes)
            row = session.execute(
                insert(Credential)
                .values(
                    secret_hash=digest(secret),
                    account_id=account.id,
                    kind=TOKEN,
                    created_at=change.now,
                    expires_at=change.now + timedelta(days=wanted.valid_days),
                    seen_at=change.now,
                    name=wanted.name,
                    scopes=scopes,
                    made_by=actor.display_name,
                )
                .returning(Credential.id, Credential.expires_at)
            ).one()
            told = {"token_id": row.id, "name": wanted.name, "scopes": scopes}
            change.append(EventKind.ACCOUNT_TOKEN_ISSUED, actor, told)
        return {"id": row.id, "token": secret, "expires_at": instant(row.expires_at)}

    def list(self, actor: Actor, query: TokenListQuery = _ALL) -> ProgramTokensAnswer:
        """Return the tokens of programs that have not expired, by name."""
        actor.require(Permission.TOKEN_WRITE)
        rows = (
            select(Credential, Account.username, Account.display_name)
            .join(Account, Account.id == Credential.account_id)
            .where(_NAMED, Credential.expires_at > self._clock())
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {"tokens": [_answer(*row) for row in found.rows], "total": found.total}

    def revoke(self, actor: Actor, token_id: int) -> None:
        """Revoke a program's token; whoever carries it is refused from now on."""
        actor.require(Permission.TOKEN_WRITE)
        with self._work.writing() as session:
            which: Any = (_NAMED, Credential.id == min(token_id, LARGEST_ID))
            row = session.scalar(select(Credential).where(*which))
            if row is None:
                raise NotFound.thing("token", token_id)
            with change_in(session, self._clock(), actor, row.account_id) as change:
                session.delete(row)
                told = {"token_id": token_id, "name": row.name}
                change.append(EventKind.ACCOUNT_TOKEN_REVOKED, actor, told)


def _answer(row: Credential, username: str, display_name: str) -> ProgramTokenAnswer:
    used = row.seen_at > row.created_at
    return {
        "id": row.id,
        "name": row.name or "",
        "account_id": row.account_id,
        "username": username,
        "display_name": display_name,
        "scopes": row.scopes,
        "made_by": row.made_by,
        "created_at": instant(row.created_at),
        "used_at": instant(row.seen_at) if used else None,
        "expires_at": instant(row.expires_at),
    }
