"""What the desk decides of an incident: closed, cancelled, opened again."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.withdrawing import announce_withdrawal
from dispatch.crews.withdrawing import withdraw
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import checked_id
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.models import Incident
from dispatch.incidents.states import DECIDED_BY
from dispatch.incidents.states import ENDED_INCIDENT_STATES
from dispatch.incidents.states import IncidentState
from dispatch.incidents.states import incident_state
from dispatch.incidents.types import IncidentAnswer
from dispatch.notices.states import NoticeKind
from dispatch.writes import row_locks
from dispatch.writes.command import Step
from dispatch.writes.idempotency import Once


@dataclass(frozen=True, slots=True)
class _Decision:
    """Who decides, why, and when it was by their clock; the rest goes into the event as it is."""

    actor: Actor
    reason: str
    occurred_at: datetime
    data: Mapping[str, Any]


Tell = Callable[[], object]
"""Writes events. From the first one on everybody else who has an event waits: they come last."""
Decide = Callable[[Session, _Decision], list[Tell]]


class DecisionService:
    """How incidents end, and begin again."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def close(self, actor: Actor, incident_id: int, step: Step) -> IncidentAnswer:
        """Close an incident whose work is done, or that needs none; no order may be alive."""

        def decide(session: Session, decision: _Decision) -> list[Tell]:
            incident = locked(session, incident_id)
            refuse_ended(incident)
            if incident.state not in {IncidentState.RESOLVED, IncidentState.OPEN}:
                message = N_(
                    "Crews are still sent to incident %(id)s: withdraw or complete them first."
                )
                raise Conflict("wrong_state", message, {"id": incident_id})
            if incident.state == IncidentState.OPEN and not decision.reason:
                raise InvalidInput.one("reason", N_("is required when no crew completed the work"))
            return [self._finish(session, incident, IncidentState.CLOSED, decision)]

        return self._once(actor, "close", incident_id, step, decide)

    def cancel(self, actor: Actor, incident_id: int, step: Step) -> IncidentAnswer:
        """Cancel an incident and withdraw every order that is still alive for it."""

        def decide(session: Session, decision: _Decision) -> list[Tell]:
            crew_ids = set(
                session.scalars(
                    select(Assignment.crew_id).where(
                        Assignment.incident_id == incident_id, live(Assignment.state)
                    )
                )
            )
            held = row_locks.lock_with_queues(session, incident_id, crew_ids)
            incident = held.incidents.get(incident_id)
            if incident is None:
                raise NotFound.thing("incident", incident_id)
            refuse_ended(incident)
            return [
                *self._withdraw_all(session, incident, held, decision),
                self._finish(session, incident, IncidentState.CANCELLED, decision),
            ]

        return self._once(actor, "cancel", incident_id, step, decide)

    def reopen(self, actor: Actor, incident_id: int, step: Step) -> IncidentAnswer:
        """Open an ended or resolved incident again: a new round, with no orders yet."""

        def decide(session: Session, decision: _Decision) -> list[Tell]:
            incident = _locked_with_original(session, incident_id)
            if incident.merged_into is not None:
                message = N_("Incident %(id)s was merged: take it out of incident %(into)s.")
                merged = {"id": incident_id, "into": incident.merged_into}
                extra = {"merged_into": incident.merged_into}
                raise Conflict("wrong_state", message, merged, extra=extra)
            if incident.state not in {*ENDED_INCIDENT_STATES, IncidentState.RESOLVED}:
                message = N_("Incident %(id)s is %(state)s: there is nothing to reopen.")
                params = {"id": incident_id, "state": incident.state}
                raise Conflict("wrong_state", message, params)
            refuse_second_follow_up(session, incident)
            incident.round += 1
            incident.state = incident_state([], None)
            incident.outcome_effect = None
            incident.closed_at = None
            incident.outcome_reason = None
            incident.erased_at = None  # what is said of it from now on is kept as long again
            return [self._changed(session, incident, EventKind.INCIDENT_REOPENED, decision)]

        return self._once(actor, "reopen", incident_id, step, decide)

    def _once(
        self, actor: Actor, what: str, incident_id: int, step: Step, decide: Decide
    ) -> IncidentAnswer:
        """Take one decision, once for each ``client_id``."""
        actor.require(Permission.INCIDENT_CLOSE)
        reason = step.reason or ""
        said = {"reason": reason, "result": step.result, "lonlat": step.lonlat}
        data = {name: value for name, value in said.items() if value is not None}
        decision = _Decision(actor, reason, step.occurred_at or self._clock(), data)
        once = Once.of(actor, step.client_id, step, decision=what, incident_id=incident_id)

        def work(session: Session) -> IncidentAnswer:
            known = once.begin(session, self._clock())
            if known is not None:
                return cast("IncidentAnswer", known)
            events_to_tell = decide(session, decision)
            answer = self._read_model.incident(session, incident_id)
            once.finish(session, answer)
            for tell in events_to_tell:
                tell()
            return answer

        return self._work.run(work)

    def _withdraw_all(
        self, session: Session, incident: Incident, held: row_locks.Scope, decision: _Decision
    ) -> list[Tell]:
        """Recall every crew; those with an order behind this one go on to that."""
        orders = session.scalars(
            select(Assignment)
            .where(Assignment.incident_id == incident.id, live(Assignment.state))
            .order_by(Assignment.crew_id)
        ).all()
        if {order.crew_id for order in orders} - held.crews.keys():
            raise ScopeChangedError
        now = self._clock()
        withdrawal = withdraw(
            session,
            orders,
            decision.actor,
            now,
            notice=NoticeKind.CANCELLED,
            reason=decision.reason,
        )
        incident.version += len(orders)
        announce = partial(
            announce_withdrawal,
            session,
            withdrawal,
            held.incidents,
            decision.actor,
            now,
            occurred_at=decision.occurred_at,
            data={"reason": decision.reason},
        )
        return [announce]

    def _finish(
        self, session: Session, incident: Incident, state: IncidentState, decision: _Decision
    ) -> Tell:
        incident.state = state
        incident.closed_at = self._clock()
        incident.outcome_reason = decision.reason
        return self._changed(session, incident, DECIDED_BY[state], decision)

    def _changed(
        self, session: Session, incident: Incident, kind: EventKind, decision: _Decision
    ) -> Tell:
        """Write a changed incident and return what tells of it."""
        now = self._clock()
        write_change(session, incident, now)
        return partial(
            events.append,
            session,
            kind,
            decision.actor,
            at=now,
            occurred_at=decision.occurred_at,
            incident_id=incident.id,
            data=decision.data,
        )


def _locked_with_original(session: Session, incident_id: int) -> Incident:
    """Lock an incident and, if it is a follow-up, the one that it follows: others begin there."""
    original_id = session.scalar(
        select(Incident.follow_up_of).where(Incident.id == checked_id(incident_id))
    )
    ids = [incident_id] if original_id is None else [incident_id, original_id]
    incident = row_locks.lock(session, ids, []).incidents.get(incident_id)
    if incident is None:
        raise NotFound.thing("incident", incident_id)
    return incident


def refuse_second_follow_up(session: Session, incident: Incident) -> None:
    """Refuse to have a follow-up be worked on again beside another of the same incident.

    Raises
    ------
    Conflict
        ``follow_up_exists``, with the id of the other.
    """
    if incident.follow_up_of is None:
        return
    query = select(Incident.id).where(
        Incident.follow_up_of == incident.follow_up_of,
        Incident.id != incident.id,
        Incident.state.not_in(ENDED_INCIDENT_STATES),
    )
    other_id = session.scalar(query)
    if other_id is not None:
        message = N_("Incident %(id)s follows instead: work on that one.")
        raise Conflict("follow_up_exists", message, {"id": other_id}, extra={"id": other_id})
