"""Where accounts are signed in: listed, and ended one by one, by their owners and by others."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.accounts.models import Credential
from dispatch.accounts.service import SESSION
from dispatch.accounts.service import TOKEN
from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.people.agents import device_name
from dispatch.people.changing import AccountKey
from dispatch.people.changing import changing
from dispatch.people.changing import named
from dispatch.people.types import OpenSignInAnswer
from dispatch.people.types import SignInsAnswer

_NO_ACCOUNT = N_("This is no account: it is signed in nowhere.")


class SignInService:
    """What can be done with sessions and tokens once they are there."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def own(self, actor: Actor, secret: str) -> SignInsAnswer:
        """Return where the actor is signed in; the one by which this is asked is marked.

        Parameters
        ----------
        secret
            The session's or token's by which the actor asks.
        """
        return self._list(_account_of(actor), secret)

    def of(self, actor: Actor, key: AccountKey) -> SignInsAnswer:
        """Return where an account is signed in."""
        actor.require(Permission.ACCOUNT_READ)
        with self._work.reading() as session:
            account_id = session.scalar(select(Account.id).where(named(key)))
        if account_id is None:
            raise NotFound.thing("account", key)
        return self._list(account_id)

    def end_own(self, actor: Actor, sign_in_id: int) -> None:
        """End one of the actor's own sessions or tokens."""
        account_id = _account_of(actor)
        with self._work.writing() as session:
            mine = (Credential.account_id == account_id, Credential.id == sign_in_id)
            ended = _end(session, mine)
            if not ended:
                raise NotFound.thing("sign_in", sign_in_id)
            self._tell(session, actor, account_id, actor.username, ended)

    def end_others(self, actor: Actor, secret: str) -> int:
        """End all of the actor's own but the one by which this is asked; return how many."""
        account_id = _account_of(actor)
        with self._work.writing() as session:
            others = (
                Credential.account_id == account_id,
                Credential.secret_hash != digest(secret),
                Credential.name.is_(None),
            )
            ended = _end(session, others)
            if ended:
                self._tell(session, actor, account_id, actor.username, ended)
        return len(ended)

    def end(self, actor: Actor, key: AccountKey, sign_in_id: int) -> None:
        """End one session or token of an account."""
        with changing(self._work, self._clock, actor, key) as change:
            account = change.account
            theirs = (Credential.account_id == account.id, Credential.id == sign_in_id)
            ended = _end(change.session, theirs)
            if not ended:
                raise NotFound.thing("sign_in", sign_in_id)
            self._tell(change.session, actor, account.id, account.username, ended)

    def _list(self, account_id: int, secret: str | None = None) -> SignInsAnswer:
        query = (
            select(Credential)
            .where(
                Credential.account_id == account_id,
                Credential.kind.in_((SESSION, TOKEN)),
                Credential.expires_at > self._clock(),
            )
            .order_by(Credential.seen_at.desc(), Credential.id)
        )
        current = None if secret is None else digest(secret)
        with self._work.reading() as session:
            return {"sign_ins": [_answer(each, current) for each in session.scalars(query)]}

    def _tell(
        self,
        session: Session,
        actor: Actor,
        account_id: int,
        username: str,
        ended: Sequence[int],
    ) -> None:
        data = {"account_id": account_id, "username": username, "sign_ins": list(ended)}
        kind = EventKind.ACCOUNT_SIGN_IN_ENDED
        events.append(session, kind, actor, at=self._clock(), data=data)


def _end(session: Session, which: Sequence[object]) -> Sequence[int]:
    return session.scalars(delete(Credential).where(*which).returning(Credential.id)).all()  # type: ignore[arg-type]  # conditions


def _account_of(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotAllowed(_NO_ACCOUNT)
    return actor.account_id


def _answer(row: Credential, current: str | None) -> OpenSignInAnswer:
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "device": device_name(row.agent),
        "address": row.address,
        "scopes": row.scopes,
        "created_at": instant(row.created_at),
        "seen_at": instant(row.seen_at),
        "expires_at": instant(row.expires_at),
        "current": row.secret_hash == current,
    }
