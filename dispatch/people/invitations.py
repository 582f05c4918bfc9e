"""Links by which people choose their own password: when they are invited, or had it reset.

A link is a secret that expires and counts once. Who has it can sign in as the account, so making
one asks for as much as setting a password does, and whatever changes the account ends it.
"""

import secrets
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import Row
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.account_adding import add_account
from dispatch.accounts.account_adding import refusing_doubles
from dispatch.accounts.account_rows import OF_LINK
from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.accounts.models import Invitation
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.passwords import refuse_names
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.jobs.queue import JobQueue
from dispatch.people.changing import AccountKey
from dispatch.people.changing import Change
from dispatch.people.changing import change_in
from dispatch.people.changing import changing
from dispatch.people.link_sending import SEND_LINK
from dispatch.people.types import ChoosePassword
from dispatch.people.types import InviteAccount
from dispatch.people.types import LinkAnswer
from dispatch.people.types import LinkedAccountAnswer
from dispatch.people.types import SendLink
from dispatch.people.types import SendTo
from dispatch.roles import administrators
from dispatch.roles.administrators import NO_PASSWORD

INVITE, RESET = "invite", "reset"
LASTS: Final = {INVITE: timedelta(days=7), RESET: timedelta(hours=24)}
"""How long a link counts."""
SHOWN: Final = SendLink()
"""The link is shown to whoever asks for it, and sent nowhere."""
_VOID = N_("This link has expired, or it was used already. Ask for another one.")


class InvitationService:
    """Makes links and takes the passwords that are chosen by them."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        hashing: PasswordHashing,
        jobs: JobQueue,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._hashing = hashing
        self._jobs = jobs

    def invite(self, actor: Actor, wanted: InviteAccount) -> LinkAnswer:
        """Add an account without a password and return the link for its owner.

        Raises the same as `AccountService.create`.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        now = self._clock()
        with refusing_doubles(wanted), self._work.writing() as session:
            account_id = add_account(session, now, actor, wanted, NO_PASSWORD)
            with change_in(session, now, actor, account_id) as change:
                change.append(EventKind.ACCOUNT_INVITED, actor)
                return self._link(change, actor, INVITE, wanted.send_to)

    def again(self, actor: Actor, key: AccountKey, wanted: SendLink = SHOWN) -> LinkAnswer:
        """Return a new link for whoever has not chosen a password yet; the last one is void.

        Raises
        ------
        Conflict
            ``account_disabled``, or ``has_password`` if one was chosen: then it is reset instead.
        """
        with changing(self._work, self._clock, actor, key) as change:
            _refuse_disabled(change)
            if change.account.password_hash != NO_PASSWORD:
                message = N_("%(name)s has a password: reset it instead.")
                raise Conflict("has_password", message, {"name": change.account.username})
            change.append(EventKind.ACCOUNT_INVITED, actor)
            return self._link(change, actor, INVITE, wanted.send_to)

    def reset(self, actor: Actor, key: AccountKey, wanted: SendLink = SHOWN) -> LinkAnswer:
        """Make a password void and return the link by which another is chosen; sign-ins end.

        Raises
        ------
        Conflict
            ``account_disabled``, or ``last_administrator``: nobody else could help if the link
            were lost.
        """
        with changing(self._work, self._clock, actor, key) as change:
            _refuse_disabled(change)
            change.account.password_hash = NO_PASSWORD
            change.forget_origins()
            change.end_sign_ins()
            change.append(EventKind.ACCOUNT_RESET, actor)
            return self._link(change, actor, RESET, wanted.send_to)

    def look(self, secret: str) -> LinkedAccountAnswer:
        """Return whose link this is.

        Raises
        ------
        NotFound
            If it never was one, was used, or has expired.
        """
        return _linked(self._found(secret))

    def choose(self, secret: str, wanted: ChoosePassword) -> LinkedAccountAnswer:
        """Take the password that the owner of an account chose; the link is used up.

        Raises
        ------
        NotFound
            If it is no link that counts.
        InvalidInput
            On ``password``, if it is little more than a name.
        """
        found = self._found(secret)
        refuse_names(wanted.password, (found.username, found.display_name))
        password_hash = self._hashing.hash(wanted.password)
        now = self._clock()
        owner = Actor(found.id, found.username, found.display_name, frozenset())
        own = Scope(units=(found.unit_id,), home=found.unit_id, account_id=found.id)
        with within(own), self._work.writing() as session:
            administrators.take_turn(session)  # first, as whoever changes the account does
            used = session.execute(
                delete(Invitation)
                .where(Invitation.secret_hash == digest(secret), Invitation.expires_at > now)
                .returning(Invitation.account_id)
            ).scalar_one_or_none()
            if used is None:
                raise NotFound(_VOID)
            account = session.get_one(Account, used, with_for_update={"key_share": True})
            if account.disabled_at is not None:
                raise NotFound(_VOID)
            account.password_hash, account.must_change_password = password_hash, False
            change = Change(session, account, now)
            change.append(EventKind.ACCOUNT_JOINED, owner)
        return _linked(found)

    def link_within(self, change: Change, actor: Actor, send_to: SendTo) -> None:
        """Have a link sent to whoever was just added, in a transaction of the caller's."""
        self._link(change, actor, INVITE, send_to)

    def _found(self, secret: str) -> Row[Any]:
        rows = self._work.ask(OF_LINK, {"secret_hash": digest(secret), "now": self._clock()})
        if not rows:
            raise NotFound(_VOID)
        return rows[0]

    def _link(
        self, change: Change, actor: Actor, purpose: str, send_to: SendTo | None
    ) -> LinkAnswer:
        """Store a new link of an account, which replaces the one before, and return it.

        One that a gateway sends is made anew when it is sent: until then nobody knows it.
        """
        secret = secrets.token_urlsafe(32)
        session, account, expires_at = change.session, change.account, change.now + LASTS[purpose]
        if send_to is not None:
            _require_way(session, send_to)
        session.execute(delete(Invitation).where(Invitation.account_id == account.id))
        invitation_id = session.execute(
            insert(Invitation)
            .values(
                account_id=account.id,
                secret_hash=digest(secret),
                purpose=purpose,
                created_at=change.now,
                created_by=actor.display_name,
                expires_at=expires_at,
                gateway_id=None if send_to is None else send_to.gateway_id,
                address=None if send_to is None else send_to.address,
            )
            .returning(Invitation.id)
        ).scalar_one()
        if send_to is not None:
            self._jobs.defer(session, SEND_LINK, invitation_id=invitation_id)
        return {
            "account_id": account.id,
            "username": account.username,
            "secret": secret if send_to is None else None,
            "expires_at": instant(expires_at),
        }


def _linked(row: Row[Any]) -> LinkedAccountAnswer:
    return {"username": row.username, "display_name": row.display_name, "purpose": row.purpose}


def _require_way(session: Session, send_to: SendTo) -> None:
    """Refuse a gateway that is not there, or does not know where phones find the console."""
    gateway = session.get(Gateway, send_to.gateway_id)
    if gateway is None or gateway.removed_at is not None or not gateway.enabled:
        raise InvalidInput.one("send_to", N_("is no gateway in use"))
    if not gateway.page_url:
        raise InvalidInput.one("send_to", N_("this gateway has no address for links: page_url"))


def _refuse_disabled(change: Change) -> None:
    if change.account.disabled_at is not None:
        message = N_("%(name)s is disabled.")
        raise Conflict("account_disabled", message, {"name": change.account.username})
