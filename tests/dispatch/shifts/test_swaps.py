"""Swaps of shifts: a crew asks, the other agrees, somebody else approves."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import invariant
from hypothesis.stateful import rule

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.shifts.states import SwapState
from dispatch.shifts.swap_rules import STEPS
from dispatch.shifts.swap_rules import Person
from dispatch.shifts.swap_rules import SwapStep
from dispatch.shifts.swap_rules import may_approve
from dispatch.shifts.types import AskSwap
from dispatch.shifts.types import CancelShift
from dispatch.shifts.types import DecideSwap
from dispatch.shifts.types import SwapAnswer
from tests.dispatch.shifts.conftest import Rota

NO_WORDS = DecideSwap()


def ask(rota: Rota, actor: Actor, shift_id: int, with_crew: Actor, **fields: object) -> SwapAnswer:
    """Ask another crew to take a shift."""
    wanted = AskSwap.read({"with_crew_id": with_crew.crew_id, **fields})
    return rota.services.swaps.ask(actor, shift_id, wanted)[0]


def step(rota: Rota, actor: Actor, swap: SwapAnswer, name: SwapStep) -> SwapAnswer:
    """Do a step."""
    return rota.services.swaps.step(actor, swap["id"], name, NO_WORDS)


def owners(rota: Rota) -> dict[int, int]:
    """Return whose each shift is."""
    listed = rota.services.shifts.list(rota.planner, None, None)
    return {each["id"]: each["crew_id"] for each in listed["shifts"]}


def test_two_crews_exchange_shifts_at_the_same_hours(rota: Rota) -> None:
    """Written one after the other both would have two shifts for a moment: that is no overlap.

    Alpha has 5–9 and Bravo 6–10: each has the other's afterwards.
    """
    alpha, bravo = rota.crew("Alpha"), rota.crew("Bravo")
    early, late = rota.shift(alpha, 5, 9), rota.shift(bravo, 6, 10)
    swap = ask(rota, alpha, early["id"], bravo, for_shift_id=late["id"])
    step(rota, bravo, swap, SwapStep.AGREE)

    done = step(rota, rota.planner, swap, SwapStep.APPROVE)
    again = step(rota, rota.planner, swap, SwapStep.APPROVE)

    assert done == again
    assert done["state"] is SwapState.APPROVED
    shifts = rota.services.shifts
    now_early, now_late = (shifts.get(alpha, each["id"]) for each in (early, late))
    assert (now_early["crew_name"], now_late["crew_name"]) == ("Bravo", "Alpha")


def test_a_swap_that_gives_a_crew_two_shifts_at_once_is_refused_as_a_whole(rota: Rota) -> None:
    """Bravo is on duty at that time already, and gives nothing."""
    alpha, bravo = rota.crew("Alpha"), rota.crew("Bravo")
    shift = rota.shift(alpha, 5, 9)
    rota.shift(bravo, 6, 10)
    swap = ask(rota, alpha, shift["id"], bravo)
    step(rota, bravo, swap, SwapStep.AGREE)

    with pytest.raises(Conflict) as refusal:
        step(rota, rota.planner, swap, SwapStep.APPROVE)

    assert refusal.value.code == "shift_overlaps"
    assert rota.services.shifts.get(alpha, shift["id"])["crew_name"] == "Alpha"
    assert rota.services.swaps.list(alpha)["swaps"][0]["state"] is SwapState.AGREED


def test_who_asks_or_agrees_does_not_approve(rota: Rota) -> None:
    """Not even who may approve all others: a second supervisor does."""
    alpha, bravo = rota.crew("Alpha"), rota.crew("Bravo")
    other = rota.people.sign_up("oscar", Role.SUPERVISOR)
    swap = ask(rota, rota.planner, rota.shift(alpha, 5, 9)["id"], bravo)
    step(rota, bravo, swap, SwapStep.AGREE)

    with pytest.raises(NotAllowed):
        step(rota, rota.planner, swap, SwapStep.APPROVE)

    assert step(rota, other, swap, SwapStep.APPROVE)["state"] is SwapState.APPROVED


def test_a_renamed_account_is_the_same_person_and_a_crew_approves_nothing_of_its_own() -> None:
    """By the account's number, not by its name."""
    asked = Person(4, "Ann")

    assert not may_approve(Person(4, "Ann Other"), [asked], (7, 8))
    assert not may_approve(Person(5, "Bea", crew_id=8), [asked], (7, 8))
    assert may_approve(Person(5, "Bea", crew_id=9), [asked], (7, 8))


def test_a_shift_that_changed_after_it_was_agreed_on_is_not_swapped(rota: Rota) -> None:
    """It was cancelled meanwhile."""
    alpha, bravo = rota.crew("Alpha"), rota.crew("Bravo")
    shift = rota.shift(alpha, 5, 9)
    swap = ask(rota, alpha, shift["id"], bravo)
    step(rota, bravo, swap, SwapStep.AGREE)
    rota.services.shifts.cancel(rota.planner, shift["id"], CancelShift())

    with pytest.raises(Conflict) as refusal:
        step(rota, rota.planner, swap, SwapStep.APPROVE)

    assert refusal.value.code == "shift_changed"


def test_what_cannot_be_swapped_is_refused_by_name(rota: Rota) -> None:
    """One's own crew, a shift of somebody else, one that has begun, one that is asked for."""
    alpha, bravo, charlie = (rota.crew(name) for name in ("Alpha", "Bravo", "Charlie"))
    mine, begun, other = rota.shift(alpha, 5, 9), rota.shift(alpha, -1, 2), rota.shift(bravo, 5, 9)
    ask(rota, alpha, mine["id"], bravo)

    with pytest.raises(InvalidInput, match="with_crew_id"):
        ask(rota, alpha, mine["id"], alpha)
    with pytest.raises(InvalidInput, match="for_shift_id"):
        ask(rota, alpha, mine["id"], charlie, for_shift_id=other["id"])
    with pytest.raises(NotAllowed):
        ask(rota, alpha, other["id"], charlie)
    codes = []
    for shift in (begun, mine):
        with pytest.raises(Conflict) as refusal:
            ask(rota, alpha, shift["id"], charlie)
        codes.append(refusal.value.code)
    assert codes == ["shift_begun", "swap_open"]


def test_a_swap_lapses_when_the_shift_begins(rota: Rota) -> None:
    """Nobody approves what is past."""
    alpha, bravo = rota.crew("Alpha"), rota.crew("Bravo")
    swap = ask(rota, alpha, rota.shift(alpha, 1, 9)["id"], bravo)
    step(rota, bravo, swap, SwapStep.AGREE)
    rota.clock.forward(3600)

    with pytest.raises(Conflict) as refusal:
        step(rota, rota.planner, swap, SwapStep.APPROVE)

    assert refusal.value.extra == {"state": "lapsed"}


def test_swaps_keep_to_their_rules_whatever_is_tried_in_whatever_order(rota: Rota) -> None:
    """Steps of anybody: only those of the model succeed, and shifts change hands by approval only.

    Alpha asks Bravo for an exchange. The model knows the state, who wanted it, and whose step each
    is; all else is the service's.
    """
    alpha, bravo = rota.crew("Alpha"), rota.crew("Bravo")
    other = rota.people.sign_up("oscar", Role.SUPERVISOR)
    actors = {"alpha": alpha, "bravo": bravo, "planner": rota.planner, "other": other}
    may = {
        SwapStep.AGREE: {"bravo", "planner", "other"},
        SwapStep.DECLINE: {"bravo", "planner", "other"},
        SwapStep.WITHDRAW: {"alpha", "planner", "other"},
        SwapStep.APPROVE: {"planner", "other"},
        SwapStep.REFUSE: {"planner", "other"},
    }
    pairs = iter(range(1_000))

    class Swapping(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            number = next(pairs)
            begin = 2 + 2 * number
            self.mine = rota.shift(alpha, begin, begin + 1)["id"]
            self.yours = rota.shift(bravo, begin, begin + 1)["id"]
            self.swap = ask(rota, alpha, self.mine, bravo, for_shift_id=self.yours)
            self.state = SwapState.ASKED
            self.wanted_by = {"alpha"}

        @rule(who=st.sampled_from(sorted(actors)), name=st.sampled_from(SwapStep))
        def try_a_step(self, who: str, name: SwapStep) -> None:
            after = STEPS.get((self.state, name))
            allowed = who in may[name] and not (name is SwapStep.APPROVE and who in self.wanted_by)
            repeated = after is None and self.state in {
                result for (_, each), result in STEPS.items() if each is name
            }
            try:
                told = step(rota, actors[who], self.swap, name)["state"]
            except DispatchError:
                assert not allowed or (after is None and not repeated)
                return
            assert allowed
            if after is not None:
                self.state = after
                if name is SwapStep.AGREE:
                    self.wanted_by.add(who)
            assert told is self.state

        @invariant()
        def hands_change_by_approval_only(self) -> None:
            shifts = rota.services.shifts
            found = [shifts.get(alpha, each)["crew_id"] for each in (self.mine, self.yours)]
            crews = [alpha.crew_id, bravo.crew_id]
            assert found == (crews[::-1] if self.state is SwapState.APPROVED else crews)

    machine = Swapping.TestCase
    machine.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)
    machine().runTest()
