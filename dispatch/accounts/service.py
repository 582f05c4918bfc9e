"""Authentication: passwords, bearer tokens for programs and sessions for people."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.account_rows import ALL
from dispatch.accounts.account_rows import BY_NAME
from dispatch.accounts.account_rows import OF_CREDENTIAL
from dispatch.accounts.account_rows import REMEMBER_ORIGIN
from dispatch.accounts.account_rows import UNCHANGED
from dispatch.accounts.account_rows import actor_of
from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.accounts.origins import Origin
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.sign_in_limits import SignInLimits
from dispatch.accounts.types import AccountsAnswer
from dispatch.accounts.types import CreateAccount
from dispatch.accounts.types import SignIn
from dispatch.accounts.types import TokenAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import SignInRefused
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind

WRONG_SIGN_IN = N_("The user name or the password is wrong.")
TOKEN, SESSION = "token", "session"
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Lifetimes of sessions and tokens."""

    session: timedelta
    token: timedelta


class AccountService:
    """Creates accounts, authenticates them, and issues and revokes credentials."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        lifetimes: Lifetimes,
        hashing: PasswordHashing,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._lifetimes = lifetimes
        self._hashing = hashing
        self._limits = SignInLimits(unit_of_work, clock)

    def open_session_for(self, sign_in: SignIn, origin: Origin) -> tuple[Actor, str]:
        """Open a session for who signs in, and return both.

        Raises
        ------
        SignInRefused
            Without saying which of name and password was wrong.
        TryLater
            If it comes too soon after wrong passwords, or too many sign in at this moment.
        """
        return self._sign_in(sign_in, origin, SESSION)[:2]

    def issue_token_for(self, sign_in: SignIn, origin: Origin) -> TokenAnswer:
        """Return a fresh bearer token for who signs in, with the same refusals."""
        _, token, expires_at = self._sign_in(sign_in, origin, TOKEN)
        return {"token": token, "expires_at": instant(expires_at)}

    def issue_token(self, actor: Actor) -> TokenAnswer:
        """Return a fresh bearer token; only its hash is kept, so it is shown once."""
        token, expires_at = self._issue(actor, TOKEN)
        return {"token": token, "expires_at": instant(expires_at)}

    def open_session(self, actor: Actor) -> str:
        """Open a session of a person and return its secret id."""
        return self._issue(actor, SESSION)[0]

    def actor_for_token(self, token: str) -> Actor | None:
        """Return the actor of a token; None when it is unknown, expired or its account disabled."""
        return self._known(token, TOKEN)

    def actor_for_session(self, session_id: str) -> Actor | None:
        """Return the actor of a session; None when it ended."""
        return self._known(session_id, SESSION)

    def revoke_token(self, token: str) -> None:
        """Revoke a bearer token."""
        self._forget(token)

    def close_session(self, session_id: str) -> None:
        """End a session."""
        self._forget(session_id)

    def create(self, account: CreateAccount, *, actor: Actor = SYSTEM) -> int:
        """Add an account and return its id.

        Raises
        ------
        InvalidInput
            If a crew's account belongs to no crew.
        Conflict
            ``name_taken`` or ``unknown_crew``.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        if Role.CREW in account.roles and account.crew_id is None:
            raise InvalidInput.one("crew_id", N_("is required for a crew's account"))
        roles = sorted(set(account.roles))
        password_hash = self._hashing.hash(account.password)
        now = self._clock()
        try:
            with self._work.writing() as session:
                account_id = session.execute(
                    insert(Account)
                    .values(
                        username=account.username,
                        display_name=account.display_name or account.username,
                        password_hash=password_hash,
                        language=account.language,
                        crew_id=account.crew_id,
                        created_at=now,
                    )
                    .returning(Account.id)
                ).scalar_one()
                session.execute(
                    insert(AccountRole),
                    [{"account_id": account_id, "role": role} for role in roles],
                )
                data = {"account_id": account_id, "username": account.username, "roles": roles}
                events.append(
                    session,
                    EventKind.ACCOUNT_ADDED,
                    actor,
                    at=now,
                    crew_id=account.crew_id,
                    data=data,
                )
                return account_id
        except IntegrityError as error:
            if "account_crew_id_fkey" in str(error.orig):
                message = N_("There is no crew %(id)s.")
                raise Conflict("unknown_crew", message, {"id": account.crew_id}) from error
            message = N_("There is already an account named %(name)s.")
            raise Conflict("name_taken", message, {"name": account.username}) from error

    def list_accounts(self, actor: Actor) -> AccountsAnswer:
        """Return all accounts with their roles."""
        actor.require(Permission.ACCOUNT_WRITE)
        with self._work.reading() as session:
            return {
                "accounts": [
                    {
                        "id": each.id,
                        "username": each.username,
                        "display_name": each.display_name,
                        "roles": sorted(each.roles),
                        "crew_id": each.crew_id,
                        "disabled": each.disabled_at is not None,
                        "seen_at": instant(each.seen_at),
                    }
                    for each in session.execute(ALL)
                ]
            }

    def any_administrator(self) -> bool:
        """Return whether an administrator account exists."""
        query = select(AccountRole.account_id).where(AccountRole.role == Role.ADMINISTRATOR)
        with self._work.reading() as session:
            return session.scalar(query.limit(1)) is not None

    def _sign_in(self, sign_in: SignIn, origin: Origin, kind: str) -> tuple[Actor, str, datetime]:
        with self._hashing.place():
            found = self._work.ask(
                BY_NAME, {"username": sign_in.username, "origins": origin.digests}
            )
            account = found[0] if found else None
            known = account.known if account is not None else ()
            counted = self._limits.count(sign_in.username, origin, known)
            stored = account.password_hash if account is not None else None
            right = self._hashing.is_right(stored, sign_in.password)
        if account is None or not right or account.disabled_at is not None:
            raise SignInRefused(WRONG_SIGN_IN)
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._work.writing() as session:
            # Waits for whoever is changing the account, and then finds that the password is another
            # or the account disabled: whoever ends its sign-ins ends this one too.
            same = {"id": account.id, "password_hash": stored}
            if session.execute(UNCHANGED, same).one_or_none() is None:
                raise SignInRefused(WRONG_SIGN_IN)
            self._limits.take_back(session, counted)
            for each in origin.digests:
                values = {"account_id": account.id, "origin": each, "seen_at": now}
                session.execute(REMEMBER_ORIGIN, values)
            expires_at = self._store(session, account.id, kind, secret, now)
        return actor_of(account), secret, expires_at

    def _issue(self, actor: Actor, kind: str) -> tuple[str, datetime]:
        secret = secrets.token_urlsafe(32)
        with self._work.writing() as session:
            return secret, self._store(session, actor.account_id, kind, secret, self._clock())

    def _store(
        self, session: Session, account_id: int | None, kind: str, secret: str, now: datetime
    ) -> datetime:
        """Store the hash of a credential and return when it expires."""
        expires_at = now + (self._lifetimes.token if kind == TOKEN else self._lifetimes.session)
        session.execute(
            insert(Credential).values(
                secret_hash=digest(secret),
                account_id=account_id,
                kind=kind,
                created_at=now,
                expires_at=expires_at,
                seen_at=now,
            )
        )
        return expires_at

    def _known(self, secret: str, kind: str) -> Actor | None:
        now = self._clock()
        rows = self._work.ask(
            OF_CREDENTIAL, {"secret_hash": digest(secret), "kind": kind, "now": now}
        )
        if not rows:
            return None
        row = rows[0]
        if now - row.seen_at > _SEEN_EVERY:
            with self._work.writing() as session:
                session.execute(text("SET LOCAL synchronous_commit = off"))
                session.execute(
                    update(Credential)
                    .where(Credential.secret_hash == digest(secret))
                    .values(seen_at=now)
                )
        return actor_of(row)

    def _forget(self, secret: str) -> None:
        with self._work.writing() as session:
            session.execute(delete(Credential).where(Credential.secret_hash == digest(secret)))
