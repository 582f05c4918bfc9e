"""Merging an incident into another, and taking it out again: nothing of either is lost."""

from collections.abc import Iterable
from collections.abc import Sequence
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
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.withdrawing import Withdrawal
from dispatch.crews.withdrawing import announce_withdrawal
from dispatch.crews.withdrawing import withdraw
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import incident_rows
from dispatch.incidents import merged_rows
from dispatch.incidents.closing import refuse_second_follow_up
from dispatch.incidents.models import Incident
from dispatch.incidents.states import IncidentState
from dispatch.merging import merge_rows
from dispatch.merging.merge_rows import Held
from dispatch.merging.models import IncidentMerge
from dispatch.merging.types import MergeAnswer
from dispatch.merging.types import MergedIncidentsAnswer
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import UnmergeIncident
from dispatch.notices import notice_rows
from dispatch.notices.states import TOLD
from dispatch.notices.states import NoticeKind
from dispatch.notices.states import differences
from dispatch.writes.idempotency import Once


@dataclass(frozen=True, slots=True)
class Sorted:
    """Live orders of a merge: those that go over, and those that end, on either side."""

    moved: Sequence[Assignment]
    ended: Sequence[Assignment]


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done to two incidents, and is still to be told."""

    held: Held
    orders: Sorted
    moved_to: Incident
    kinds: tuple[EventKind, EventKind]
    told: Iterable[notice_rows.Tell]
    withdrawal: Withdrawal
    reason: str


class MergeService:
    """How duplicates become one incident, and two again."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def merge(self, actor: Actor, incident_id: int, wanted: MergeIncident) -> MergeAnswer:
        """Merge an incident into another, which goes on with the entries and callers of both.

        What belongs to it stays stored with it and is read from the other (`merged_rows`). Its live
        orders go over, keeping number, state and place in their crew's queue, or are withdrawn.

        Raises
        ------
        NotFound
            If there is no such incident.
        InvalidInput
            On ``into``, if there is no such incident.
        Conflict
            ``incident_ended``, ``into_ended``, ``merge_into_itself`` (also by way of what the other
            was merged into), ``orders_live`` (naming the orders and the choice), ``into_resolved``
            or ``idempotency_mismatch``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, decision="merge", incident_id=incident_id)

        def work(session: Session) -> MergeAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("MergeAnswer", known)
            _refuse_unknown(session, incident_id, wanted.into)
            held = merge_rows.hold_to_merge(session, incident_id, wanted.into)
            _refuse(held)
            orders = _sort_orders(session, held, wanted.orders)
            _refuse_hiding(held, orders)
            reason = wanted.reason or ""
            why = reason or f"#{held.incident.id} → #{held.other.id}"
            withdrawal = withdraw(
                session, orders.ended, actor, now, notice=NoticeKind.RECALLED, reason=why
            )
            what = _move(session, orders.moved, held.incident, held.other)
            told = notice_rows.make(
                session, orders.moved, NoticeKind.MOVED, actor, now, what=what, reason=reason
            )
            session.add(_step(held, orders, actor, reason, now))
            held.incident.state = IncidentState.MERGED
            held.incident.closed_at = now
            held.incident.outcome_reason = reason
            merge_rows.lead_to(held.incident, held.behind, held.other.id)
            incident_rows.write_change(session, held.incident, now)
            incident_rows.follow_assignments(session, held.other, now)
            done = _Done(
                held,
                orders,
                moved_to=held.other,
                kinds=(EventKind.INCIDENT_MERGED, EventKind.INCIDENT_MERGED_IN),
                told=told,
                withdrawal=withdrawal,
                reason=reason,
            )
            return self._finish(session, once, actor, done, now, wanted.occurred_at)

        return self._work.run(work)

    def unmerge(self, actor: Actor, incident_id: int, wanted: UnmergeIncident) -> MergeAnswer:
        """Take an incident out of the one that it was merged into: its own entries go with it.

        Its state follows from its own orders, as before the merge; live orders that went over with
        it return. What was added or ended meanwhile stays where that happened.

        Raises
        ------
        NotFound
            If there is no such incident.
        Conflict
            ``not_merged``, ``follow_up_exists`` or ``idempotency_mismatch``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, decision="unmerge", incident_id=incident_id)

        def work(session: Session) -> MergeAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("MergeAnswer", known)
            merged_rows.leads_to(session, incident_id)
            step = merge_rows.standing(session, incident_id)
            if step is None:
                message = N_("Incident %(id)s is not merged into another.")
                raise Conflict("not_merged", message, {"id": incident_id})
            held = merge_rows.hold_to_part(session, step)
            incident = held.incident
            refuse_second_follow_up(session, incident)
            back: Sequence[Assignment] = ()
            if wanted.orders != "keep":
                back = merge_rows.live_ones_of(session, held.other.id, step.orders_moved)
            step.unmerged_at, step.unmerged_by = now, actor.display_name
            merge_rows.lead_to(incident, held.behind, None)
            incident.state = IncidentState.OPEN
            incident.closed_at = None
            incident.outcome_reason = None
            what = _move(session, back, held.other, incident)
            told = notice_rows.make(
                session, back, NoticeKind.MOVED, actor, now, what=what, reason=wanted.reason or ""
            )
            incident_rows.follow_assignments(session, incident, now)
            incident_rows.follow_assignments(session, held.other, now)
            done = _Done(
                held,
                Sorted(back, ()),
                moved_to=incident,
                kinds=(EventKind.INCIDENT_UNMERGED, EventKind.INCIDENT_PARTED),
                told=told,
                withdrawal=Withdrawal((), (), ()),
                reason=wanted.reason or "",
            )
            return self._finish(session, once, actor, done, now, wanted.occurred_at)

        return self._work.run(work)

    def merged(self, actor: Actor, incident_id: int) -> MergedIncidentsAnswer:
        """Return what was merged into an incident, by however many steps."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            merged_rows.leads_to(session, incident_id)
            ids = merged_rows.with_merged(session, incident_id)[1:]
            standing = (
                select(IncidentMerge)
                .where(IncidentMerge.incident_id.in_(ids), IncidentMerge.unmerged_at.is_(None))
                .order_by(IncidentMerge.id)
            )
            steps = session.scalars(standing).all()
            incidents = self._read_model.incidents(session, ids)
        return {
            "merged": [
                {
                    "incident": incidents[step.incident_id],
                    "into_id": step.into_id,
                    "merged_at": instant(step.merged_at),
                    "merged_by": step.merged_by,
                    "reason": step.reason,
                }
                for step in steps
            ]
        }

    def _finish(
        self,
        session: Session,
        once: Once,
        actor: Actor,
        done: _Done,
        now: datetime,
        occurred_at: datetime | None,
    ) -> MergeAnswer:
        """Keep the answer, then write the events: from the first one on everybody waits."""
        incident, other = done.held.incident, done.held.other
        views = self._read_model.incidents(session, [incident.id, other.id])
        answer: MergeAnswer = {
            "incident": views[incident.id],
            "other": views[other.id],
            "orders_moved": [each.id for each in done.orders.moved],
            "orders_withdrawn": [each.id for each in done.orders.ended],
        }
        once.finish(session, answer)
        tell = partial(events.append, session, actor=actor, at=now, occurred_at=occurred_at)
        moved_from = incident if done.moved_to is other else other
        announce_withdrawal(
            session,
            done.withdrawal,
            done.held.scope.incidents,
            actor,
            now,
            occurred_at=occurred_at,
            data={"reason": done.reason, "merged": [incident.id, other.id]},
        )
        why = {"reason": done.reason} if done.reason else {}
        for kind, one, second in zip(done.kinds, (incident, other), (other, incident), strict=True):
            gone = {"orders_moved": answer["orders_moved"]} if one is moved_from else {}
            into = {"into": second.id} if kind is EventKind.INCIDENT_MERGED else {}
            tell(kind, incident_id=one.id, data={"other": second.id, **into, **gone, **why})
        for order in done.orders.moved:
            tell(
                EventKind.ASSIGNMENT_MOVED,
                incident_id=done.moved_to.id,
                assignment_id=order.id,
                crew_id=order.crew_id,
                data={
                    "state": order.state,
                    "role": order.role,
                    "rank": order.rank,
                    "other": moved_from.id,
                },
            )
        notice_rows.tell_all(done.told)
        return answer


def _step(held: Held, orders: Sorted, actor: Actor, reason: str, now: datetime) -> IncidentMerge:
    return IncidentMerge(
        incident_id=held.incident.id,
        into_id=held.other.id,
        merged_at=now,
        merged_by=actor.display_name,
        reason=reason,
        orders_moved=[each.id for each in orders.moved],
        orders_withdrawn=[each.id for each in orders.ended],
    )


def _move(
    session: Session, orders: Sequence[Assignment], one: Incident, other: Incident
) -> list[dict[str, Any]]:
    """Have orders go over from one incident to another; return what is different there."""
    if not orders:
        return []
    different = differences(_for_crews(session, one), _for_crews(session, other))
    merge_rows.move(session, orders, other)
    return different


def _refuse_unknown(session: Session, incident_id: int, into_id: int) -> None:
    merged_rows.leads_to(session, incident_id)
    try:
        merged_rows.leads_to(session, into_id)
    except NotFound:
        raise InvalidInput.one("into", N_("There is no incident %(id)s."), id=into_id) from None


def _refuse(held: Held) -> None:
    """Refuse what can be no merge; both rows are locked, so that none can close a circle."""
    incident, other = held.incident, held.other
    if incident is other:
        message = N_("Incident %(id)s cannot be merged into itself.")
        raise Conflict("merge_into_itself", message, {"id": incident.id})
    incident_rows.refuse_ended(incident)
    try:
        incident_rows.refuse_ended(other)
    except Conflict as ended:
        raise Conflict("into_ended", ended.msgid, ended.params, extra=ended.extra) from None


def _refuse_hiding(held: Held, orders: Sorted) -> None:
    """Refuse to let something that nobody has seen to go out of sight behind what is resolved.

    Raises
    ------
    Conflict
        ``into_resolved``, unless a crew goes over with it.
    """
    resolved = IncidentState.RESOLVED
    if held.other.state == resolved != held.incident.state and not orders.moved:
        message = N_(
            "Incident %(id)s is resolved and this one is not: reopen that one first, or merge it "
            "into this one."
        )
        raise Conflict("into_resolved", message, {"id": held.other.id})


def _sort_orders(session: Session, held: Held, choice: str | None) -> Sorted:
    """Return which live orders go over and which end.

    A crew that has an order for both keeps the one that is before the other in its queue.

    Raises
    ------
    Conflict
        ``orders_live``, if there are any and nobody said what becomes of them.
    """
    orders = merge_rows.live_orders(session, held.incident.id)
    if not orders or choice == "withdraw":
        return Sorted((), orders)
    if choice is None:
        message = N_(
            "Crews are sent to incident %(id)s: say whether their orders move over (`move`) or are "
            "withdrawn (`withdraw`)."
        )
        live = [{"id": each.id, "crew_id": each.crew_id, "state": each.state} for each in orders]
        extra = {"orders": live, "choices": ["move", "withdraw"]}
        raise Conflict("orders_live", message, {"id": held.incident.id}, extra=extra)
    there = {each.crew_id: each for each in merge_rows.live_orders(session, held.other.id)}
    moved: list[Assignment] = []
    ended: list[Assignment] = []
    for order in orders:
        twin = there.get(order.crew_id)
        if twin is not None and twin.rank < order.rank:
            ended.append(order)
            continue
        moved.append(order)
        if twin is not None:
            ended.append(twin)
    return Sorted(moved, ended)


def _for_crews(session: Session, incident: Incident) -> dict[str, object]:
    """Return what the crews of an incident are told of it."""
    query = select(longitude(Incident.point), latitude(Incident.point))
    place = list(session.execute(query.where(Incident.id == incident.id)).one())
    return {**{name: getattr(incident, name) for name in TOLD if name != "place"}, "place": place}
