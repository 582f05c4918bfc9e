"""Shifts of crews: listed, planned, changed; swaps between crews."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.shifts.swap_rules import SwapStep
from dispatch.shifts.types import AddShift
from dispatch.shifts.types import AskSwap
from dispatch.shifts.types import CancelShift
from dispatch.shifts.types import ChangeShift
from dispatch.shifts.types import DecideSwap
from dispatch.shifts.types import RotaNowAnswer
from dispatch.shifts.types import ShiftAnswer
from dispatch.shifts.types import ShiftsAnswer
from dispatch.shifts.types import SwapAnswer
from dispatch.shifts.types import SwapsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.shifts.schemas import ShiftsQuery

shifts = Area("shifts", __name__, url_prefix="/api/v1", tag="Shifts")
READ = (Permission.SHIFT_READ, Permission.SHIFT_OWN)
PLAN = (Permission.SHIFT_WRITE,)
OWN = (Permission.SHIFT_OWN, Permission.SHIFT_WRITE)
APPROVE = (Permission.SHIFT_APPROVE,)
SHIFT = described(ShiftAnswer)
SWAP = described(SwapAnswer)
STEP_REFUSED = "wrong_state, shift_changed or shift_overlaps"


@shifts.get("/shifts", needs=READ)
@shifts.input(ShiftsQuery, location="query", arg_name="query")
@shifts.output(described(ShiftsAnswer))
def list_shifts(query: ShiftsQuery) -> Response:
    """List the shifts of some days, this week's if none are named."""
    listed = services().shifts.list(
        actor(), query.first, query.last, query.crew_id, cancelled=query.cancelled
    )
    return answer(listed)


@shifts.get("/shifts/now", needs=READ)
@shifts.output(described(RotaNowAnswer))
def rota_now() -> Response:
    """Say of each crew with a rota whether its duty agrees with it at this moment."""
    return answer(services().shifts.now(actor()))


@shifts.get("/shifts/<int:shift_id>", needs=READ)
@shifts.output(SHIFT)
def get_shift(shift_id: int) -> Response:
    """Show one shift."""
    return answer(services().shifts.get(actor(), shift_id))


@shifts.post("/shifts", needs=PLAN)
@shifts.input(AddShift, arg_name="body")
@shifts.output(SHIFT, 201)
@shifts.doc(responses={409: "shift_overlaps, with the other shift; idempotency_mismatch"})
def add_shift(body: AddShift) -> Response:
    """Add a single shift; with the same `client_id` once."""
    made, replayed = services().shifts.add(actor(), body)
    return answer(made, 201, replayed=replayed)


@shifts.put("/shifts/<int:shift_id>", needs=PLAN)
@shifts.input(ChangeShift, arg_name="body")
@shifts.output(SHIFT)
@shifts.doc(responses={409: "shift_overlaps, shift_changed or shift_cancelled"})
def change_shift(shift_id: int, body: ChangeShift) -> Response:
    """Give a shift other times; its rotation leaves it alone from then on."""
    return answer(services().shifts.change(actor(), shift_id, body))


@shifts.post("/shifts/<int:shift_id>/cancel", needs=PLAN)
@shifts.input(CancelShift, arg_name="body")
@shifts.output(SHIFT)
@shifts.doc(responses={409: "shift_changed"})
def cancel_shift(shift_id: int, body: CancelShift) -> Response:
    """Have a shift not take place; repeated, it changes nothing."""
    return answer(services().shifts.cancel(actor(), shift_id, body))


@shifts.get("/swaps", needs=READ)
@shifts.output(described(SwapsAnswer))
def list_swaps() -> Response:
    """List the swaps of the last weeks; a crew sees its own."""
    return answer(services().swaps.list(actor()))


@shifts.post("/shifts/<int:shift_id>/swaps", needs=OWN)
@shifts.input(AskSwap, arg_name="body")
@shifts.output(SWAP, 201)
@shifts.doc(responses={409: "swap_open, shift_begun or shift_cancelled; idempotency_mismatch"})
def ask_swap(shift_id: int, body: AskSwap) -> Response:
    """Ask another crew to take a shift, for one of its own or for nothing."""
    made, replayed = services().swaps.ask(actor(), shift_id, body)
    return answer(made, 201, replayed=replayed)


@shifts.post("/swaps/<int:swap_id>/agree", needs=OWN)
@shifts.input(DecideSwap, arg_name="body")
@shifts.output(SWAP)
@shifts.doc(responses={409: STEP_REFUSED})
def agree_swap(swap_id: int, body: DecideSwap) -> Response:
    """Agree to a swap, as the crew that was asked."""
    return _step(swap_id, SwapStep.AGREE, body)


@shifts.post("/swaps/<int:swap_id>/decline", needs=OWN)
@shifts.input(DecideSwap, arg_name="body")
@shifts.output(SWAP)
@shifts.doc(responses={409: STEP_REFUSED})
def decline_swap(swap_id: int, body: DecideSwap) -> Response:
    """Decline a swap, as the crew that was asked."""
    return _step(swap_id, SwapStep.DECLINE, body)


@shifts.post("/swaps/<int:swap_id>/withdraw", needs=OWN)
@shifts.input(DecideSwap, arg_name="body")
@shifts.output(SWAP)
@shifts.doc(responses={409: STEP_REFUSED})
def withdraw_swap(swap_id: int, body: DecideSwap) -> Response:
    """Ask no longer, as the crew that asked."""
    return _step(swap_id, SwapStep.WITHDRAW, body)


@shifts.post("/swaps/<int:swap_id>/approve", needs=APPROVE)
@shifts.input(DecideSwap, arg_name="body")
@shifts.output(SWAP)
@shifts.doc(responses={409: STEP_REFUSED})
def approve_swap(swap_id: int, body: DecideSwap) -> Response:
    """Approve a swap that both crews agreed on; not by who asked or agreed."""
    return _step(swap_id, SwapStep.APPROVE, body)


@shifts.post("/swaps/<int:swap_id>/refuse", needs=APPROVE)
@shifts.input(DecideSwap, arg_name="body")
@shifts.output(SWAP)
@shifts.doc(responses={409: STEP_REFUSED})
def refuse_swap(swap_id: int, body: DecideSwap) -> Response:
    """Refuse a swap."""
    return _step(swap_id, SwapStep.REFUSE, body)


def _step(swap_id: int, step: SwapStep, body: DecideSwap) -> Response:
    return answer(services().swaps.step(actor(), swap_id, step, body))
