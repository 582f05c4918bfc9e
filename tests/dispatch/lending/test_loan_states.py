"""Whatever both sides do, in whatever order: a loan takes its steps and no other."""

from datetime import timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from dispatch.core.errors import DispatchError
from dispatch.lending.states import LoanSide
from dispatch.lending.states import LoanState
from dispatch.lending.states import LoanStep
from dispatch.lending.states import after
from dispatch.lending.states import sides_for
from dispatch.lending.types import AgreeToLend
from dispatch.lending.types import SettleLoan
from tests.dispatch.lending.test_loans import Aid
from tests.dispatch.lending.test_loans import aid
from tests.dispatch.units.conftest import group

__all__ = ["aid", "group"]
pytestmark = pytest.mark.postgis
_STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(LoanStep), st.sampled_from(LoanSide)),
        st.just(("hour", None)),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_STEPS)
def test_a_loan_takes_its_steps_and_no_other(aid: Aid, steps: list[tuple[str, LoanSide]]) -> None:
    """The model: who may do what, and that time ends it; the crew is seen while it is lent."""
    loan = aid.ask(lasting=timedelta(hours=2))
    state, begun_at = LoanState.ASKED, aid.clock()

    for step, side in steps:
        if step == "hour":
            aid.clock.forward(3_600)
            aid.group.services.deadlines.run_due()
            over = aid.clock() - begun_at >= timedelta(hours=2)
            state = LoanState.ENDED if over and state is LoanState.LENT else state
        else:
            wanted = after(state, LoanStep(step))
            in_time = aid.clock() - begun_at < timedelta(hours=2) or step != LoanStep.AGREE
            allowed = wanted is not None and side in sides_for(state, LoanStep(step)) and in_time
            assert _take(aid, loan["id"], LoanStep(step), side) is allowed, (state, step, side)
            state = wanted if allowed and wanted is not None else state
        listed = aid.at(aid.north, lambda: aid.loans.list(aid.north)["loans"])
        assert {each["id"]: each["state"] for each in listed}[loan["id"]] == state
        assert (aid.crews(aid.south) == [aid.crew_id]) is (state is LoanState.LENT)
    if state is LoanState.LENT:
        aid.end(aid.north, loan)


def _take(aid: Aid, loan_id: int, step: LoanStep, side: LoanSide) -> bool:
    who = aid.north if side is LoanSide.LENDER else aid.south
    acts = {
        LoanStep.AGREE: lambda: aid.loans.agree(who, loan_id, AgreeToLend(crew_id=aid.crew_id)),
        LoanStep.REFUSE: lambda: aid.loans.refuse(who, loan_id, SettleLoan()),
        LoanStep.END: lambda: aid.loans.end(who, loan_id, SettleLoan()),
    }
    try:
        aid.at(who, acts[step])
    except DispatchError:
        return False
    return True
