"""Signatures: one for an order, replaced by a newer one until the order has ended."""

from datetime import datetime

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events.kinds import EventKind
from dispatch.incidents import merged_rows
from dispatch.incidents import record_entries
from dispatch.signatures.models import Signature
from dispatch.signatures.types import AddSignature
from dispatch.signatures.types import SignatureAnswer
from dispatch.signatures.types import SignaturesAnswer
from dispatch.writes.idempotency import Once


class SignatureService:
    """What can be done with signatures."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, incident_id: int) -> SignaturesAnswer:
        """Return the signatures of an incident's orders that count; a crew sees its own."""
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            query = _counting().where(Assignment.incident_id.in_(place.incident_ids))
            if place.crew_id is not None:
                query = query.where(Assignment.crew_id == place.crew_id)
            rows = session.execute(query.order_by(Signature.id)).all()
        return {"signatures": [_view(row.Signature, row.name) for row in rows]}

    def add(
        self, actor: Actor, assignment_id: int, signature: AddSignature
    ) -> tuple[SignatureAnswer, bool]:
        """Keep a signature under an order; the one before it no longer counts.

        Phones without signal send it when the order may have ended: it counts if it was signed
        before that.

        Returns
        -------
        signature, replayed
            What is kept, and whether it was there already.

        Raises
        ------
        Conflict
            ``order_ended`` when it was signed after the order's end.
        NotAllowed
            When it is neither the actor's own order nor the actor's desk.
        """
        once = Once.of(actor, signature.client_id, signature, assignment_id=assignment_id)

        def work(session: Session) -> tuple[SignatureAnswer, bool]:
            now = self._clock()
            order = session.get(Assignment, min(assignment_id, LARGEST_ID))
            if order is None:
                raise NotFound.thing("assignment", assignment_id)
            if actor.crew_id != order.crew_id:
                actor.require(Permission.ASSIGNMENT_ACT_ANY)
            return once.run(session, now, lambda: _add(session, actor, order, signature, now))

        return self._work.run(work)


def signature_of(session: Session, assignment_id: int) -> Signature | None:
    """Return the signature under an order that counts."""
    query = _counting().where(Signature.assignment_id == assignment_id)
    row = session.execute(query).one_or_none()
    return None if row is None else row.Signature


def _add(
    session: Session, actor: Actor, order: Assignment, signature: AddSignature, now: datetime
) -> SignatureAnswer:
    incident = merged_rows.locked_for(session, actor, order.incident_id)
    crew_name = session.scalar(select(Crew.name).where(Crew.id == order.crew_id)) or ""
    known = _known(session, actor, order.id, signature.client_id)
    if known is not None:
        return _view(known, crew_name)
    signed_at = min(signature.signed_at or now, now)
    ended_at = order.completed_at or order.ended_at
    if ended_at is not None and signed_at > ended_at:
        raise Conflict("order_ended", N_("This order has ended: it is signed no more."))
    # With the incident locked, two phones of one crew come one after the other.
    session.execute(
        update(Signature)
        .where(Signature.assignment_id == order.id, Signature.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    refused = signature.strokes is None
    row = record_entries.add(
        session,
        actor,
        Signature,
        incident.id,
        {
            "assignment_id": order.id,
            "signer_name": signature.signer_name or "",
            "strokes": signature.strokes,
            "width": None if refused else signature.width,
            "height": None if refused else signature.height,
            "refusal": signature.refusal,
            "signed_at": signed_at,
        },
        EventKind.ASSIGNMENT_NOT_SIGNED if refused else EventKind.ASSIGNMENT_SIGNED,
        at=now,
        occurred_at=signed_at,
        client_id=signature.client_id,
        told={"assignment_id": order.id},
        changes_incident=False,
    )
    return _view(row, crew_name)


def _known(
    session: Session, actor: Actor, assignment_id: int, client_id: str | None
) -> Signature | None:
    """Return what was kept under a name before, though the answer to it is forgotten."""
    if client_id is None:
        return None
    query = select(Signature).where(
        Signature.actor_id == (actor.account_id or 0),
        Signature.client_id == client_id,
        Signature.assignment_id == assignment_id,
    )
    return session.scalars(query).one_or_none()


def _counting() -> Select[Signature, str]:
    return (
        select(Signature, Crew.name)
        .join(Assignment, Assignment.id == Signature.assignment_id)
        .join(Crew, Crew.id == Assignment.crew_id)
        .where(Signature.replaced_at.is_(None))
    )


def _view(signature: Signature, crew_name: str) -> SignatureAnswer:
    return {
        "assignment_id": signature.assignment_id,
        "incident_id": signature.incident_id,
        "crew_name": crew_name,
        "signer_name": signature.signer_name,
        "strokes": signature.strokes,
        "width": signature.width,
        "height": signature.height,
        "refusal": signature.refusal,
        "signed_at": instant(signature.signed_at),
        "received_at": instant(signature.received_at),
    }
