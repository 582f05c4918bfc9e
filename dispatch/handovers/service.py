"""Handing over: a crew's orders go to another one in one transaction, none is ever nobody's."""

from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.crews.withdrawing import Withdrawal
from dispatch.crews.withdrawing import announce_withdrawal
from dispatch.crews.withdrawing import withdraw
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.handovers.handing import LiveOrder
from dispatch.handovers.handing import divided
from dispatch.handovers.types import HandedOverAnswer
from dispatch.handovers.types import HandOver
from dispatch.handovers.types import KeptOrderAnswer
from dispatch.notices.states import NoticeKind
from dispatch.sending.candidates import CandidateService
from dispatch.sending.candidates import Judged
from dispatch.sending.placing import Placed
from dispatch.sending.placing import place_order
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once

HANDED_OVER = "handed over"
"""Why an order was withdrawn, where nobody said more."""
_PLAN_CHANGED = frozenset({"task_filled", "task_unknown", "lead_taken"})


class HandOverService:
    """Gives what a crew still has to do to the crew that comes in."""

    def __init__(
        self, unit_of_work: UnitOfWork, candidates: CandidateService, clock: Clock
    ) -> None:
        self._work = unit_of_work
        self._candidates = candidates
        self._clock = clock

    def hand_over(
        self, actor: Actor, crew_id: int, wanted: HandOver
    ) -> tuple[HandedOverAnswer, bool]:
        """Give orders of a crew to another one: withdrawn and placed in one transaction.

        The other crew has them behind what it has already, in the same order. Where a crew is on
        scene, it stays unless its order is named as such; so does one that arrives meanwhile.

        Returns
        -------
        what became of the orders, replayed
            And whether that was answered under this ``client_id`` before.

        Raises
        ------
        Conflict
            ``crew_off_duty`` if the other crew is not on duty; ``nothing_to_hand_over``.
        InvalidInput
            On ``to_crew_id``, if it is the same crew or none.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        if wanted.to_crew_id == crew_id:
            raise InvalidInput.one("to_crew_id", N_("must be another crew"))
        once = Once.of(actor, wanted.client_id, wanted, crew_id=crew_id)
        before = once.answered(self._work)
        if before is not None:
            return cast("HandedOverAnswer", before), True
        judged = self._judged(crew_id, wanted)

        def work(session: Session) -> tuple[HandedOverAnswer, bool]:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("HandedOverAnswer", answer), True
            first, *others = sorted(judged)
            held = row_locks.lock_with_queues(
                session, first, [crew_id, wanted.to_crew_id], also=others
            )
            crew, incoming = held.crews[crew_id], held.crews[wanted.to_crew_id]
            if incoming.duty != Duty.ON_DUTY:
                message = N_("%(crew)s is not on duty.")
                extra = {"duty": incoming.duty}
                raise Conflict("crew_off_duty", message, {"crew": incoming.name}, extra=extra)
            orders = {each.id: each for each in row_locks.live_assignments(session, [crew_id])}
            go, stay = divided(
                [LiveOrder(each.id, each.incident_id, _state(each)) for each in orders.values()],
                named=None if wanted.assignment_ids is None else set(wanted.assignment_ids),
                on_scene=set(wanted.on_scene),
                judged=judged.keys(),
                taken={
                    each.incident_id for each in row_locks.live_assignments(session, [incoming.id])
                },
            )
            if not go and not stay:
                raise _nothing(crew)
            handing = _Handing(
                session=session,
                actor=actor,
                now=now,
                held=held,
                crew=crew,
                incoming=incoming,
                why=wanted.reason or HANDED_OVER,
            )
            moved = handing.move([orders[each.id] for each in go], judged)
            view: HandedOverAnswer = {
                "crew_id": crew.id,
                "to_crew_id": incoming.id,
                "handed_over": [each.view for _, each in moved.placed],
                "kept": [_kept(order, why) for order, why in stay],
            }
            once.finish(session, view)
            handing.tell(moved)
            return view, False

        return self._work.run(work)

    def _judged(self, crew_id: int, wanted: HandOver) -> dict[int, Judged]:
        """Return how the other crew is judged for each incident of the crew, outside any lock."""
        with self._work.reading() as session:
            crews = session.scalars(
                select(Crew).where(
                    Crew.id.in_([min(each, LARGEST_ID) for each in (crew_id, wanted.to_crew_id)])
                )
            )
            known = {each.id: each for each in crews}
            if crew_id not in known:
                raise NotFound.thing("crew", crew_id)
            if wanted.to_crew_id not in known:
                message = N_("There is no crew %(id)s.")
                raise InvalidInput.one("to_crew_id", message, id=wanted.to_crew_id)
            incidents = session.scalars(
                select(Assignment.incident_id)
                .where(Assignment.crew_id == crew_id, live(Assignment.state))
                .order_by(Assignment.rank)
            ).all()
        if not incidents:
            raise _nothing(known[crew_id])
        return {
            each: self._candidates.judge_crew(each, wanted.to_crew_id) for each in set(incidents)
        }


@dataclass(frozen=True, slots=True)
class _Moved:
    """Orders that changed hands, not yet told: what moved up behind them, and the new ones."""

    withdrawal: Withdrawal
    placed: list[tuple[Assignment, Placed]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handing:
    """One hand-over under its locks."""

    session: Session
    actor: Actor
    now: datetime
    held: row_locks.Scope
    crew: Crew
    incoming: Crew
    why: str

    def move(self, orders: list[Assignment], judged: dict[int, Judged]) -> _Moved:
        """Withdraw orders, and place them with the other crew in the same order."""
        # The last first: each that goes moves up only what waits behind it.
        withdrawal = withdraw(
            self.session,
            sorted(orders, key=lambda each: -each.rank),
            self.actor,
            self.now,
            notice=NoticeKind.RECALLED,
            reason=self.why,
        )
        placed = [(each, self._place(each, judged[each.incident_id])) for each in orders]
        return _Moved(withdrawal, placed)

    def _place(self, order: Assignment, judged: Judged) -> Placed:
        try:
            return self._placed(order, judged, order.task, CrewRole(order.role))
        except Conflict as refused:
            # Its task is another crew's by now, or the plan changed: it goes as the plan is now.
            if refused.code not in _PLAN_CHANGED:
                raise
            return self._placed(order, judged, None, None)

    def _placed(
        self, order: Assignment, judged: Judged, task: str | None, role: CrewRole | None
    ) -> Placed:
        return place_order(
            self.session,
            self.held.incidents[order.incident_id],
            self.incoming,
            self.actor,
            self.now,
            orders=row_locks.live_assignments(self.session, [self.incoming.id]),
            judged=judged,
            reason=self.why,
            task=task,
            role=role,
            data={"replaces": order.id, "handed_over_by": self.crew.name},
        )

    def tell(self, moved: _Moved) -> None:
        """Write the events; after all rows, for others wait from then on."""
        if not moved.placed:
            return
        common = (self.held.incidents, self.actor, self.now)
        for order, new in moved.placed:
            told = {"replaced_by": new.order.id, "instead": self.incoming.name}
            gone = Withdrawal([order], [], [])
            announce_withdrawal(self.session, gone, *common, data={"reason": self.why, **told})
        behind = replace(moved.withdrawal, orders=[])
        announce_withdrawal(self.session, behind, *common, data={})
        for _, new in moved.placed:
            new.tell()
        events.append(
            self.session,
            EventKind.SHIFT_HANDED_OVER,
            self.actor,
            at=self.now,
            crew_id=self.crew.id,
            data={
                "to_crew_id": self.incoming.id,
                "to_crew_name": self.incoming.name,
                "incident_ids": [order.incident_id for order, _ in moved.placed],
            },
        )


def _state(order: Assignment) -> AssignmentState:
    return AssignmentState(order.state)


def _kept(order: LiveOrder, why: object) -> KeptOrderAnswer:
    return cast(
        "KeptOrderAnswer",
        {"assignment_id": order.id, "incident_id": order.incident_id, "why": why},
    )


def _nothing(crew: Crew) -> Conflict:
    message = N_("%(crew)s has nothing to hand over.")
    return Conflict("nothing_to_hand_over", message, {"crew": crew.name})
