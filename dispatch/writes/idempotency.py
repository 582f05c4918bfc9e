"""Requests that may be repeated: the same key gets the same answer and acts once."""

import hashlib
import json
from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from typing import Self
from typing import TypeVar
from typing import cast

from sqlalchemy import Row
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.writes.command import Command
from dispatch.writes.models import IdempotencyKey

_Answer = TypeVar("_Answer", bound=Mapping[str, Any])
# Put together once: every write passes here with locks in hand.
_CLAIM = (
    insert(IdempotencyKey)
    .values(
        actor_id=bindparam("actor_id"),
        key=bindparam("key"),
        request_hash=bindparam("request_hash"),
        created_at=bindparam("created_at"),
    )
    .on_conflict_do_nothing()
    .returning(IdempotencyKey.id)
)
_MINE = (
    IdempotencyKey.actor_id == bindparam("my_actor_id"),
    IdempotencyKey.key == bindparam("my_key"),
)
_FIND = select(IdempotencyKey.request_hash, IdempotencyKey.answer).where(*_MINE)
_KEEP = update(IdempotencyKey).where(*_MINE).values(answer=bindparam("kept"))


class Once:
    """One repeatable request of one actor.

    `begin` inserts the key first thing in the unit of work: a second request with the same key
    waits on the unique index until the first commits, and then finds its answer.
    """

    def __init__(
        self,
        actor: Actor,
        key: str | None,
        request: Mapping[str, Any],
    ) -> None:
        self._actor_id = actor.account_id or 0
        self._key = key
        canonical = json.dumps(request, sort_keys=True, default=str)
        self._hash = hashlib.sha256(canonical.encode()).hexdigest()

    @classmethod
    def of(
        cls,
        actor: Actor,
        key: str | None,
        command: Command,
        **target: object,
    ) -> Self:
        """Return a command as a request that may be repeated under a key.

        Parameters
        ----------
        actor
            Who sends it; keys of different actors have nothing to do with each other.
        key
            The name that it goes by: the command's ``client_id``, or a header. None: it may not
            be repeated.
        command
            What is asked. The same key with anything else in it is a mistake.
        target
            What the command is about, as in the path of the request.
        """
        given = command.model_dump(mode="json", exclude_unset=True)
        return cls(actor, key, {"command": type(command).__name__, **target, "given": given})

    def begin(self, session: Session, now: datetime) -> dict[str, Any] | None:
        """Return the answer already given, or None after claiming the key.

        Raises
        ------
        Conflict
            ``idempotency_mismatch`` if the key was used for another request.
        """
        if self._key is None:
            return None
        claim = {
            "actor_id": self._actor_id,
            "key": self._key,
            "request_hash": self._hash,
            "created_at": now,
        }
        while session.connection().execute(_CLAIM, claim).scalar() is None:
            row = self._found(session)
            if row is not None:
                return self._answer(row)
            # Housekeeping forgot the key between the two statements: nobody has it now.
        return None

    def known(self, session: Session) -> dict[str, Any] | None:
        """Return the answer already given, without claiming the key.

        For requests that are right only for a while: repeated later, they get their answer all
        the same.

        Raises
        ------
        Conflict
            ``idempotency_mismatch`` if the key was used for another request.
        """
        if self._key is None:
            return None
        row = self._found(session)
        return None if row is None else self._answer(row)

    def answered(self, unit_of_work: UnitOfWork) -> dict[str, Any] | None:
        """Return the answer already given, looked up in a session of its own.

        Before anything that is slow or may fail: a request that is repeated needs none of it.

        Raises
        ------
        Conflict
            ``idempotency_mismatch`` if the key was used for another request.
        """
        if self._key is None:
            return None
        with unit_of_work.reading() as session:
            return self.known(session)

    def finish(self, session: Session, answer: Mapping[str, Any]) -> None:
        """Keep the answer; it becomes visible together with what was done."""
        if self._key is not None:
            session.connection().execute(_KEEP, {**self._mine(), "kept": dict(answer)})

    def run(
        self, session: Session, now: datetime, act: Callable[[], _Answer]
    ) -> tuple[_Answer, bool]:
        """Act, unless the same request was answered before.

        Returns
        -------
        answer, replayed
            What acting answers, or answered the first time; and which of the two.

        Raises
        ------
        Conflict
            ``idempotency_mismatch`` if the key was used for another request.
        """
        before = self.begin(session, now)
        if before is not None:
            return cast("_Answer", before), True
        answer = act()
        self.finish(session, answer)
        return answer, False

    def _found(self, session: Session) -> Row[Any] | None:
        return session.connection().execute(_FIND, self._mine()).one_or_none()

    def _answer(self, row: Row[Any]) -> dict[str, Any] | None:
        if row.request_hash != self._hash:
            raise mismatch()
        answer: dict[str, Any] | None = row.answer
        return answer

    def _mine(self) -> dict[str, Any]:
        return {"my_actor_id": self._actor_id, "my_key": self._key}


def mismatch() -> Conflict:
    """Return the refusal of a name that was already given to something else."""
    message = N_("This idempotency key was already used for a different request.")
    return Conflict("idempotency_mismatch", message)
