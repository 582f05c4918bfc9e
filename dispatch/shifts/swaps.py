"""Swaps of shifts between crews: asked for, agreed to, approved by somebody else."""

from datetime import datetime
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.shifts import rota_deadlines
from dispatch.shifts import shift_rows
from dispatch.shifts.models import NO_OVERLAP
from dispatch.shifts.models import Shift
from dispatch.shifts.models import ShiftSwap
from dispatch.shifts.service import require_reader
from dispatch.shifts.states import SWAP_LABELS
from dispatch.shifts.states import SwapState
from dispatch.shifts.swap_rows import swap_view
from dispatch.shifts.swap_rows import swap_views
from dispatch.shifts.swap_rules import Person
from dispatch.shifts.swap_rules import SwapStep
from dispatch.shifts.swap_rules import may_approve
from dispatch.shifts.swap_rules import next_state
from dispatch.shifts.swap_rules import results
from dispatch.shifts.swap_rules import state_at
from dispatch.shifts.types import AskSwap
from dispatch.shifts.types import DecideSwap
from dispatch.shifts.types import SwapAnswer
from dispatch.shifts.types import SwapsAnswer
from dispatch.writes.idempotency import Once

_LISTED: Final = timedelta(days=60)
_MOST: Final = 200
_LATER = text(f"SET CONSTRAINTS {NO_OVERLAP} DEFERRED")
_AT_ONCE = text(f"SET CONSTRAINTS {NO_OVERLAP} IMMEDIATE")
_EVENTS: Final = {
    SwapStep.AGREE: EventKind.SWAP_ANSWERED,
    SwapStep.DECLINE: EventKind.SWAP_ANSWERED,
    SwapStep.WITHDRAW: EventKind.SWAP_ANSWERED,
    SwapStep.APPROVE: EventKind.SWAP_DECIDED,
    SwapStep.REFUSE: EventKind.SWAP_DECIDED,
}


class SwapService:
    """What can be done with swaps of shifts."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, time_zone: str, reminder_s: float
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._lead = timedelta(seconds=reminder_s)

    def list(self, actor: Actor) -> SwapsAnswer:
        """Return the swaps of the last weeks, the newest first; a crew sees its own."""
        require_reader(actor)
        now = self._clock()
        query = (
            select(ShiftSwap)
            .where(ShiftSwap.asked_at > now - _LISTED)
            .order_by(ShiftSwap.id.desc())
            .limit(_MOST)
        )
        if not actor.may(Permission.SHIFT_READ):
            mine = (ShiftSwap.crew_id == actor.crew_id, ShiftSwap.with_crew_id == actor.crew_id)
            query = query.where(or_(*mine))
        with self._work.reading() as session:
            return {"swaps": swap_views(session, session.scalars(query).all(), self._zone, now)}

    def ask(self, actor: Actor, shift_id: int, wanted: AskSwap) -> tuple[SwapAnswer, bool]:
        """Ask another crew to take a shift.

        Returns
        -------
        swap, replayed
            The swap, and whether it was asked for under this ``client_id`` already.

        Raises
        ------
        Conflict
            ``swap_open`` if somebody asked for this shift already; ``shift_begun`` or
            ``shift_cancelled``.
        InvalidInput
            Naming the field: the same crew, an unknown crew, a shift that is not that crew's.
        NotAllowed
            If it is neither the actor's own crew's shift nor does the actor plan the rota.
        """
        now = self._clock()
        once = Once.of(actor, wanted.client_id, wanted, shift_id=shift_id)

        def ask(session: Session) -> SwapAnswer:
            named = [shift_id] if wanted.for_shift_id is None else [shift_id, wanted.for_shift_id]
            shifts = shift_rows.locked(session, named)
            shift = shifts.get(shift_id)
            if shift is None:
                raise NotFound.thing("shift", shift_id)
            _require_speaks_for(actor, shift.crew_id)
            self._refuse_wrong(session, shift, shifts.get(wanted.for_shift_id or 0), wanted, now)
            open_ = shift_rows.open_swaps(session, [shift_id], now)
            if open_:
                message = N_("A swap of this shift is asked for already.")
                raise Conflict("swap_open", message, extra={"swap_id": open_[shift_id]})
            for_shift = shifts.get(wanted.for_shift_id or 0)
            row = ShiftSwap(
                shift_id=shift.id,
                shift_version=shift.version,
                for_shift_id=for_shift.id if for_shift else None,
                for_shift_version=for_shift.version if for_shift else None,
                crew_id=shift.crew_id,
                with_crew_id=wanted.with_crew_id,
                state=SwapState.ASKED.value,
                reason=wanted.reason or "",
                decision_reason="",
                asked_at=now,
                asked_by=actor.display_name,
                asked_by_id=actor.account_id,
            )
            session.add(row)
            session.flush()
            return self._told(session, actor, row, EventKind.SWAP_ASKED, now)

        def work(session: Session) -> tuple[SwapAnswer, bool]:
            return once.run(session, now, lambda: ask(session))

        return self._work.run(work)

    def step(self, actor: Actor, swap_id: int, step: SwapStep, wanted: DecideSwap) -> SwapAnswer:
        """Agree to a swap, decline, withdraw, approve or refuse it; repeated, it changes nothing.

        With the approval the shifts change hands, both or none.

        Raises
        ------
        Conflict
            ``wrong_state`` (declined, decided or lapsed meanwhile), ``shift_changed`` if a shift
            is no longer what was agreed on, ``shift_overlaps`` if one of the crews would be on
            duty twice.
        NotAllowed
            If it is not the actor's to do; who asked or agreed does not approve.
        """

        def work(session: Session) -> SwapAnswer:
            now = self._clock()
            row = _locked_swap(session, swap_id)
            _require_may(actor, row, step)
            shifts = shift_rows.locked(
                session, [each for each in (row.shift_id, row.for_shift_id) if each is not None]
            )
            first_at = min(each.begins_at for each in shifts.values())
            state = state_at(SwapState(row.state), first_at, now)
            after = next_state(state, step)
            if after is None:
                if SwapState(row.state) in results(step):
                    return swap_view(session, row, self._zone, now)
                message = N_("This swap is past that: %(state)s.")
                params = {"state": SWAP_LABELS[state]}
                raise Conflict("wrong_state", message, params, extra={"state": state.value})
            if step is SwapStep.APPROVE:
                self._exchange(session, actor, row, shifts, now)
            row.state = after.value
            _sign(row, actor, step, wanted.reason or "", now)
            session.flush()
            return self._told(session, actor, row, _EVENTS[step], now)

        try:
            return self._work.run(work)
        except IntegrityError as error:
            if NO_OVERLAP not in str(error.orig):
                raise
            message = N_("One of the crews would have two shifts at once.")
            raise Conflict("shift_overlaps", message) from error

    def _exchange(
        self,
        session: Session,
        actor: Actor,
        row: ShiftSwap,
        shifts: dict[int, Shift],
        now: datetime,
    ) -> None:
        """Give each crew the other one's shift."""
        given, taken = shifts[row.shift_id], shifts.get(row.for_shift_id or 0)
        expected = [(given, row.shift_version, row.crew_id)]
        if taken is not None:
            expected.append((taken, row.for_shift_version or 0, row.with_crew_id))
        for shift, version, crew_id in expected:
            if shift.version != version or shift.crew_id != crew_id or shift.cancelled_at:
                message = N_("%(who)s changed this shift meanwhile.")
                raise Conflict("shift_changed", message, {"who": shift.updated_by})
        # Between the two rows both crews may have two shifts: looked at when both are written.
        session.execute(_LATER)
        given.crew_id = row.with_crew_id
        if taken is not None:
            taken.crew_id = row.crew_id
        for shift, _, _ in expected:
            shift.by_hand = True
            shift.version += 1
            shift.reminded_at = None
            shift.updated_at, shift.updated_by = now, actor.display_name
        session.flush()
        session.execute(_AT_ONCE)
        rota_deadlines.wake_for_shifts(session, now, self._zone, self._lead)

    def _refuse_wrong(
        self,
        session: Session,
        shift: Shift,
        for_shift: Shift | None,
        wanted: AskSwap,
        now: datetime,
    ) -> None:
        if wanted.with_crew_id == shift.crew_id:
            raise InvalidInput.one("with_crew_id", N_("must be another crew"))
        shift_rows.require_crews(session, [wanted.with_crew_id], "with_crew_id")
        if wanted.for_shift_id is not None and (
            for_shift is None or for_shift.crew_id != wanted.with_crew_id
        ):
            raise InvalidInput.one("for_shift_id", N_("is no shift of that crew"))
        for each in (shift, for_shift):
            if each is None:
                continue
            if each.cancelled_at is not None:
                message = N_("This shift was cancelled by %(who)s.")
                raise Conflict("shift_cancelled", message, {"who": each.updated_by})
            if each.begins_at <= now:
                raise Conflict("shift_begun", N_("This shift has begun already."))

    def _told(
        self, session: Session, actor: Actor, row: ShiftSwap, kind: EventKind, now: datetime
    ) -> SwapAnswer:
        view = swap_view(session, row, self._zone, now)
        for crew_id in (row.crew_id, row.with_crew_id):
            data = {"swap_id": row.id, "state": row.state}
            events.append(session, kind, actor, at=now, crew_id=crew_id, data=data)
        return view


def _locked_swap(session: Session, swap_id: int) -> ShiftSwap:
    row = session.get(ShiftSwap, min(swap_id, LARGEST_ID), with_for_update=True)
    if row is None:
        raise NotFound.thing("swap", swap_id)
    return row


def _require_speaks_for(actor: Actor, crew_id: int) -> None:
    """Refuse who is neither of a crew nor plans the rota."""
    if not (actor.crew_id == crew_id and actor.may(Permission.SHIFT_OWN)):
        actor.require(Permission.SHIFT_WRITE)


def _require_may(actor: Actor, row: ShiftSwap, step: SwapStep) -> None:
    if step in {SwapStep.AGREE, SwapStep.DECLINE}:
        _require_speaks_for(actor, row.with_crew_id)
    elif step is SwapStep.WITHDRAW:
        _require_speaks_for(actor, row.crew_id)
    else:
        actor.require(Permission.SHIFT_APPROVE)
    wanted_by = [Person(row.asked_by_id, row.asked_by)]
    if row.answered_by is not None:
        wanted_by.append(Person(row.answered_by_id, row.answered_by))
    approver = Person(actor.account_id, actor.display_name, actor.crew_id)
    crews = (row.crew_id, row.with_crew_id)
    if step is SwapStep.APPROVE and not may_approve(approver, wanted_by, crews):
        message = N_("Who asked for a swap or agreed to it cannot approve it: somebody else does.")
        raise NotAllowed(message)


def _sign(row: ShiftSwap, actor: Actor, step: SwapStep, reason: str, now: datetime) -> None:
    if step in {SwapStep.AGREE, SwapStep.DECLINE}:
        row.answered_at, row.answered_by = now, actor.display_name
        row.answered_by_id = actor.account_id
    else:
        row.decided_at, row.decided_by = now, actor.display_name
        row.decided_by_id = actor.account_id
    row.decision_reason = reason or row.decision_reason
