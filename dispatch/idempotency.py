"""Requests that may be repeated: the same key gets the same answer and acts once."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.actors import Actor
from dispatch.errors import N_
from dispatch.errors import Conflict
from dispatch.errors import InvalidInput
from dispatch.tables import IdempotencyKey

_LONGEST_KEY = 200


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
        *,
        name: str = "client_id",
    ) -> None:
        if key is not None and not (0 < len(key) <= _LONGEST_KEY and key.isprintable()):
            message = N_("must have 1 to %(limit)s printable characters")
            raise InvalidInput.one(name, message, limit=_LONGEST_KEY)
        self._actor_id = actor.account_id or 0
        self._key = key
        canonical = json.dumps(request, sort_keys=True, default=str)
        self._hash = hashlib.sha256(canonical.encode()).hexdigest()

    def begin(self, session: Session, now: datetime) -> dict[str, Any] | None:
        """Return the answer already given, or None after claiming the key.

        Raises
        ------
        Conflict
            ``idempotency_mismatch`` if the key was used for another request.
        """
        if self._key is None:
            return None
        claimed = session.execute(
            insert(IdempotencyKey)
            .values(
                actor_id=self._actor_id,
                key=self._key,
                request_hash=self._hash,
                created_at=now,
            )
            .on_conflict_do_nothing()
            .returning(IdempotencyKey.id)
        ).scalar()
        if claimed is not None:
            return None
        row = session.execute(
            select(IdempotencyKey.request_hash, IdempotencyKey.answer).where(*self._mine())
        ).one()
        if row.request_hash != self._hash:
            message = N_("This idempotency key was already used for a different request.")
            raise Conflict("idempotency_mismatch", message)
        answer: dict[str, Any] = row.answer
        return answer

    def finish(self, session: Session, answer: Mapping[str, Any]) -> None:
        """Keep the answer; it becomes visible together with what was done."""
        if self._key is not None:
            session.execute(update(IdempotencyKey).where(*self._mine()).values(answer=dict(answer)))

    def _mine(self) -> tuple[Any, ...]:
        return IdempotencyKey.actor_id == self._actor_id, IdempotencyKey.key == self._key
