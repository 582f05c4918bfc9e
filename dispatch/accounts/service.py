"""Authentication: passwords, bearer tokens for programs and sessions for people."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.accounts.passwords import MOST_LENGTH
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
from dispatch.core.running import Runner
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind

WRONG_SIGN_IN = N_("The user name or the password is wrong.")
_SEEN_EVERY = timedelta(minutes=1)
# Asked at every request: one statement, roles included.
_WHOSE = (
    select(
        Account.id,
        Account.username,
        Account.display_name,
        Account.crew_id,
        Account.language,
        Credential.seen_at,
        func.array(
            select(AccountRole.role).where(AccountRole.account_id == Account.id).scalar_subquery(),
            type_=ARRAY(Text),
        ).label("roles"),
    )
    .join(Credential, Credential.account_id == Account.id)
    .where(
        Credential.secret_hash == bindparam("secret_hash"),
        Credential.kind == bindparam("kind"),
        Credential.expires_at > bindparam("now"),
        Account.disabled_at.is_(None),
    )
)


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
        blocking: Runner,
        hasher: PasswordHasher,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._lifetimes = lifetimes
        self._blocking = blocking
        self._hasher = hasher
        # Refusing an unknown name must take as long as refusing a wrong password.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def authenticate(self, sign_in: SignIn) -> Actor:
        """Return who signs in with this name and password.

        Raises
        ------
        SignInRefused
            Without saying which of the two was wrong.
        """
        with self._work.reading() as session:
            account = session.scalar(select(Account).where(Account.username == sign_in.username))
        stored = account.password_hash if account is not None else self._nobody
        right = self._blocking(self._verify, stored, sign_in.password)
        if account is None or not right or account.disabled_at is not None:
            raise SignInRefused(WRONG_SIGN_IN)
        with self._work.reading() as session:
            return self._actor(session, account)

    def issue_token(self, actor: Actor) -> TokenAnswer:
        """Return a fresh bearer token; only its hash is kept, so it is shown once."""
        token, expires_at = self._issue(actor, "token", self._lifetimes.token)
        return {"token": token, "expires_at": instant(expires_at)}

    def open_session(self, actor: Actor) -> str:
        """Open a session of a person and return its secret id."""
        secret, _ = self._issue(actor, "session", self._lifetimes.session)
        return secret

    def actor_for_token(self, token: str) -> Actor | None:
        """Return the actor of a token; None when it is unknown, expired or its account disabled."""
        return self._known(token, "token")

    def actor_for_session(self, session_id: str) -> Actor | None:
        """Return the actor of a session; None when it ended."""
        return self._known(session_id, "session")

    def revoke_token(self, token: str) -> None:
        """Revoke a bearer token."""
        self._forget(token)

    def close_session(self, session_id: str) -> None:
        """End a session."""
        self._forget(session_id)

    def create(self, account: CreateAccount, *, actor: Actor | None = None) -> int:
        """Add an account and return its id.

        ``actor`` is None only at the command line, where whoever holds the database holds all.

        Raises
        ------
        InvalidInput
            If a crew's account belongs to no crew.
        Conflict
            ``name_taken`` or ``unknown_crew``.
        """
        if actor is not None:
            actor.require(Permission.ACCOUNT_WRITE)
        if Role.CREW in account.roles and account.crew_id is None:
            raise InvalidInput.one("crew_id", N_("is required for a crew's account"))
        roles = sorted(set(account.roles))
        password_hash = self._blocking(self._hasher.hash, account.password)
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
                by = actor or Actor(None, "console", "command line", frozenset())
                data = {"username": account.username, "roles": roles}
                events.append(
                    session, EventKind.ACCOUNT_ADDED, by, at=now, crew_id=account.crew_id, data=data
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
            accounts = session.scalars(select(Account).order_by(Account.username)).all()
            return {
                "accounts": [
                    {
                        "id": each.id,
                        "username": each.username,
                        "display_name": each.display_name,
                        "roles": sorted(self._roles(session, each.id)),
                        "crew_id": each.crew_id,
                        "disabled": each.disabled_at is not None,
                    }
                    for each in accounts
                ]
            }

    def any_administrator(self) -> bool:
        """Return whether an administrator account exists."""
        query = select(AccountRole.account_id).where(AccountRole.role == Role.ADMINISTRATOR)
        with self._work.reading() as session:
            return session.scalar(query.limit(1)) is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password[: MOST_LENGTH + 1])
        except (VerificationError, InvalidHashError):
            return False

    def _issue(self, actor: Actor, kind: str, lifetime: timedelta) -> tuple[str, datetime]:
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        with self._work.writing() as session:
            session.execute(
                insert(Credential).values(
                    secret_hash=_digest(secret),
                    account_id=actor.account_id,
                    kind=kind,
                    created_at=now,
                    expires_at=now + lifetime,
                    seen_at=now,
                )
            )
        return secret, now + lifetime

    def _known(self, secret: str, kind: str) -> Actor | None:
        now = self._clock()
        rows = self._work.ask(_WHOSE, {"secret_hash": _digest(secret), "kind": kind, "now": now})
        if not rows:
            return None
        row = rows[0]
        if now - row.seen_at > _SEEN_EVERY:
            with self._work.writing() as session:
                session.execute(text("SET LOCAL synchronous_commit = off"))
                session.execute(
                    update(Credential)
                    .where(Credential.secret_hash == _digest(secret))
                    .values(seen_at=now)
                )
        return Actor(
            account_id=row.id,
            username=row.username,
            display_name=row.display_name,
            roles=frozenset(row.roles),
            crew_id=row.crew_id,
            language=row.language,
        )

    def _forget(self, secret: str) -> None:
        with self._work.writing() as session:
            session.execute(delete(Credential).where(Credential.secret_hash == _digest(secret)))

    def _actor(self, session: Session, account: Account) -> Actor:
        return Actor(
            account_id=account.id,
            username=account.username,
            display_name=account.display_name,
            roles=self._roles(session, account.id),
            crew_id=account.crew_id,
            language=account.language,
        )

    @staticmethod
    def _roles(session: Session, account_id: int) -> frozenset[str]:
        query = select(AccountRole.role).where(AccountRole.account_id == account_id)
        return frozenset(session.scalars(query))


def _digest(secret: str) -> str:
    """Return what is stored of a secret; it is long and random, so a fast hash is right."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
