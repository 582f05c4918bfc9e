"""Authentication: passwords, bearer tokens for programs and sessions for people."""

import secrets
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.account_adding import add_account
from dispatch.accounts.account_adding import refusing_doubles
from dispatch.accounts.account_rows import ALL
from dispatch.accounts.account_rows import BY_NAME
from dispatch.accounts.account_rows import COMPANY_NAMES
from dispatch.accounts.account_rows import OF_CREDENTIAL
from dispatch.accounts.account_rows import REMEMBER_ORIGIN
from dispatch.accounts.account_rows import UNCHANGED
from dispatch.accounts.account_rows import actor_of
from dispatch.accounts.attempts import ATTEMPT
from dispatch.accounts.attempts import ATTEMPT_LASTS
from dispatch.accounts.attempts import PROVEN
from dispatch.accounts.attempts import FurtherSteps
from dispatch.accounts.attempts import NoFurtherSteps
from dispatch.accounts.attempts import SignInIncomplete
from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.accounts.origins import Origin
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.passwords import refuse_names
from dispatch.accounts.sign_in_limits import SignInLimits
from dispatch.accounts.sign_in_trail import SignInTrail
from dispatch.accounts.types import AccountsAnswer
from dispatch.accounts.types import CreateAccount
from dispatch.accounts.types import SignIn
from dispatch.accounts.types import TokenAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import SignInRefused
from dispatch.core.errors import TryLater
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork

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
        steps: FurtherSteps | None = None,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._lifetimes = lifetimes
        self._hashing = hashing
        self._limits = SignInLimits(unit_of_work, clock)
        self._trail = SignInTrail(unit_of_work, clock)
        self._steps = steps or NoFurtherSteps()

    def open_session_for(self, sign_in: SignIn, origin: Origin) -> tuple[Actor, str]:
        """Open a session for who signs in, and return both.

        Raises
        ------
        SignInRefused
            Without saying which of name and password was wrong.
        TryLater
            If it comes too soon after wrong passwords, or too many sign in at this moment.
        SignInIncomplete
            If the password is right, and something else is needed.
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
            If a crew's account belongs to no crew, or the roles are unknown or exclude each other.
        NotAllowed
            If they permit more than the actor may do.
        Conflict
            ``name_taken`` or ``unknown_crew``.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        with self._work.reading() as session:
            companies = session.scalars(COMPANY_NAMES).all()
        names = (account.username, account.display_name or "", *companies)
        refuse_names(account.password, names)
        password_hash = self._hashing.hash(account.password)
        with refusing_doubles(account), self._work.writing() as session:
            return add_account(session, self._clock(), actor, account, password_hash)

    def list_accounts(self, actor: Actor) -> AccountsAnswer:
        """Return all accounts with their roles."""
        actor.require(Permission.ACCOUNT_READ)
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
                BY_NAME,
                {
                    "username": sign_in.username,
                    "origins": list(origin.digests),
                    "now": self._clock(),
                },
            )
            account = found[0] if found else None
            known = account.known if account is not None else ()
            entry = self._trail.entry_of(origin, kind, account)
            try:
                counted = self._limits.count(sign_in.username, origin, known)
            except TryLater:
                self._trail.write_refused(entry, "too_soon")
                raise
            stored = account.password_hash if account is not None else None
            right = self._hashing.is_right(stored, sign_in.password)
        if account is None or not right or account.disabled_at is not None:
            self._trail.write_refused(entry, "refused")
            raise SignInRefused(WRONG_SIGN_IN)
        secret, now = secrets.token_urlsafe(32), self._clock()
        found_actor = actor_of(account)
        with within(found_actor.scope), self._work.writing() as session:
            # Waits for whoever is changing the account, and then finds that the password is another
            # or the account disabled: whoever ends its sign-ins ends this one too.
            same = {"id": account.id, "password_hash": stored}
            if session.execute(UNCHANGED, same).one_or_none() is None:
                self._trail.write_refused(entry, "refused")
                raise SignInRefused(WRONG_SIGN_IN)
            self._limits.take_back(session, counted)
            step = self._steps.next_step(session, found_actor, proven=False)
            if step is None:
                self._remember(session, account.id, origin, now)
            reached = kind if step is None else ATTEMPT
            self._trail.write(session, replace(entry, kind=reached), "accepted")
            expires_at = self._store(session, account.id, reached, secret, now, origin)
        if step is not None:
            raise SignInIncomplete(found_actor, secret, step)
        return found_actor, secret, expires_at

    def actor_for_attempt(self, secret: str) -> tuple[Actor, bool] | None:
        """Return whose attempt this is, and whether its factor is proven; None when it ended."""
        found = self._known(secret, ATTEMPT)
        if found is not None:
            return found, False
        found = self._known(secret, PROVEN)
        return None if found is None else (found, True)

    def open_within(
        self, session: Session, account_id: int, kind: str, origin: Origin | None
    ) -> tuple[str, datetime]:
        """Open a session, token or attempt in a transaction of the caller's; return its secret.

        The origin, if there is one, is known from now on.
        """
        secret, now = secrets.token_urlsafe(32), self._clock()
        if origin is not None:
            self._remember(session, account_id, origin, now)
        if kind in {SESSION, TOKEN}:
            entry = self._trail.entry_of(origin, kind, session.get(Account, account_id))
            self._trail.write(session, entry, "accepted")
        return secret, self._store(session, account_id, kind, secret, now, origin)

    @staticmethod
    def _remember(session: Session, account_id: int, origin: Origin, now: datetime) -> None:
        for each in origin.digests:
            values = {"account_id": account_id, "origin": each, "seen_at": now}
            session.execute(REMEMBER_ORIGIN, values)

    def _issue(self, actor: Actor, kind: str) -> tuple[str, datetime]:
        secret = secrets.token_urlsafe(32)
        with self._work.writing() as session:
            return secret, self._store(session, actor.account_id, kind, secret, self._clock())

    def _store(
        self,
        session: Session,
        account_id: int | None,
        kind: str,
        secret: str,
        now: datetime,
        origin: Origin | None = None,
    ) -> datetime:
        """Store the hash of a credential and return when it expires."""
        lifetimes = {TOKEN: self._lifetimes.token, SESSION: self._lifetimes.session}
        expires_at = now + lifetimes.get(kind, ATTEMPT_LASTS)
        session.execute(
            insert(Credential).values(
                secret_hash=digest(secret),
                account_id=account_id,
                kind=kind,
                created_at=now,
                expires_at=expires_at,
                seen_at=now,
                agent=None if origin is None else origin.agent or None,
                address=None if origin is None else origin.coarse_address or None,
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
        actor = actor_of(row)
        if now - row.seen_at > _SEEN_EVERY:
            with within(actor.scope), self._work.writing() as session:
                session.execute(text("SET LOCAL synchronous_commit = off"))
                session.execute(
                    update(Credential)
                    .where(Credential.secret_hash == digest(secret))
                    .values(seen_at=now)
                )
        return actor

    def _forget(self, secret: str) -> None:
        with self._work.writing() as session:
            session.execute(delete(Credential).where(Credential.secret_hash == digest(secret)))
