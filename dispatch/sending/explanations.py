"""Why a dispatcher sent another crew: one of a few reasons, said right after sending."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import Decision
from dispatch.assignments.models import OverrideExplanation
from dispatch.assignments.models import OverrideReason
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import locked
from dispatch.sending.types import ExplainOverride
from dispatch.sending.types import OverrideExplanationAnswer
from dispatch.sending.types import OverrideReasonAnswer
from dispatch.sending.types import OverrideReasonsAnswer
from dispatch.sending.types import SetOverrideReason
from dispatch.writes.idempotency import Once


class ExplanationService:
    """The list of reasons, and the one that was said of an order."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def reasons(self, actor: Actor) -> OverrideReasonsAnswer:
        """Return what can be said, in the order of the keys that say it."""
        actor.require(Permission.ASSIGNMENT_SEND)
        query = (
            select(OverrideReason)
            .where(OverrideReason.retired.is_(False))
            .order_by(OverrideReason.sort, OverrideReason.code)
        )
        with self._work.reading() as session:
            return {"reasons": [_reason_view(each) for each in session.scalars(query)]}

    def set_reason(
        self, actor: Actor, code: str, wanted: SetOverrideReason
    ) -> OverrideReasonAnswer:
        """Add a reason, change its words, or retire it; what was said keeps the words of then.

        Raises
        ------
        InvalidInput
            On ``code``, if it is none.
        """
        actor.require(Permission.RULES_WRITE)
        if not code.isidentifier() or code != code.lower() or not code.isascii():
            raise InvalidInput.one("code", N_("must be small letters, digits and _"))
        with self._work.writing() as session:
            row = session.get(OverrideReason, code, with_for_update=True)
            if row is None:
                row = OverrideReason(code=code, sort=wanted.sort or 50)
                session.add(row)
            row.name_en, row.name_zh, row.retired = wanted.name_en, wanted.name_zh, wanted.retired
            row.sort = row.sort if wanted.sort is None else wanted.sort
            session.flush()
            view = _reason_view(row)
            now = self._clock()
            data = {**view, "retired": row.retired}
            events.append(session, EventKind.OVERRIDE_REASON_CHANGED, actor, at=now, data=data)
            return view

    def explain(
        self, actor: Actor, assignment_id: int, wanted: ExplainOverride
    ) -> OverrideExplanationAnswer:
        """Say why another crew was sent; said again, the later word stands.

        Raises
        ------
        InvalidInput
            On ``code``, if there is no such reason; on ``words``, if it is another one and nobody
            says which.
        Conflict
            ``no_override`` if the crew was the recommended one.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, assignment_id=assignment_id)

        def work(session: Session) -> OverrideExplanationAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("OverrideExplanationAnswer", before)
            order = session.get(Assignment, min(assignment_id, LARGEST_ID))
            if order is None:
                kind = "assignment"
                raise NotFound.thing(kind, assignment_id)
            locked(session, order.incident_id)
            reason = session.get(OverrideReason, wanted.code)
            if reason is None or reason.retired:
                raise InvalidInput.one("code", N_("is no reason of the list"))
            decision = session.get(Decision, order.id)
            override = None if decision is None else decision.candidates.get("override")
            if not override:
                message = N_("This crew was the recommended one: there is nothing to explain.")
                raise Conflict("no_override", message)
            said = {
                "code": reason.code,
                "name_en": reason.name_en,
                "name_zh": reason.name_zh,
                "words": wanted.words or "",
                "said_at": now,
                "said_by": actor.display_name,
            }
            session.execute(
                insert(OverrideExplanation)
                .values(assignment_id=order.id, **said)
                .on_conflict_do_update(index_elements=["assignment_id"], set_=said)
            )
            view = OverrideExplanationAnswer(
                assignment_id=order.id,
                code=reason.code,
                name_en=reason.name_en,
                name_zh=reason.name_zh,
                words=wanted.words or "",
                said_at=instant(now),
                said_by=actor.display_name,
                recommended_crew_name=override["recommended_crew_name"],
                cost_s=override["cost_s"],
            )
            once.finish(session, view)
            events.append(
                session,
                EventKind.ASSIGNMENT_OVERRIDE_EXPLAINED,
                actor,
                at=now,
                incident_id=order.incident_id,
                assignment_id=order.id,
                crew_id=order.crew_id,
                data={
                    "code": reason.code,
                    "name_en": reason.name_en,
                    "name_zh": reason.name_zh,
                    **({"words": wanted.words} if wanted.words else {}),
                    "recommended": override["recommended_crew_name"],
                    "cost_s": override["cost_s"],
                },
            )
            return view

        return self._work.run(work)


def _reason_view(row: OverrideReason) -> OverrideReasonAnswer:
    return {"code": row.code, "name_en": row.name_en, "name_zh": row.name_zh, "sort": row.sort}
