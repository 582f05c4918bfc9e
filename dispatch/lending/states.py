"""States of a loan, and who may take it from one to the next. Pure."""

from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class LoanState(StrEnum):
    """How far a loan is; the stored names."""

    ASKED = "asked"
    LENT = "lent"
    """Agreed; the crew is seen by the borrower from the time that was agreed on."""
    REFUSED = "refused"
    ENDED = "ended"


class LoanStep(StrEnum):
    """What can be done with a loan."""

    AGREE = "agree"
    REFUSE = "refuse"
    END = "end"
    """By either side: before it was agreed, the borrower takes its question back."""


class LoanSide(StrEnum):
    """On whose side of a loan somebody is."""

    LENDER = "lender"
    BORROWER = "borrower"


LOAN_STATE_LABELS = {
    LoanState.ASKED: N_("Asked"),
    LoanState.LENT: N_("Lent"),
    LoanState.REFUSED: N_("Refused"),
    LoanState.ENDED: N_("Ended"),
}

_STEPS: Final = {
    (LoanState.ASKED, LoanStep.AGREE): (LoanState.LENT, frozenset({LoanSide.LENDER})),
    (LoanState.ASKED, LoanStep.REFUSE): (LoanState.REFUSED, frozenset({LoanSide.LENDER})),
    (LoanState.ASKED, LoanStep.END): (LoanState.ENDED, frozenset({LoanSide.BORROWER})),
    (LoanState.LENT, LoanStep.END): (LoanState.ENDED, frozenset(LoanSide)),
}


def after(state: LoanState, step: LoanStep) -> LoanState | None:
    """Return the state that a step leads to; None if it cannot be taken."""
    found = _STEPS.get((state, step))
    return None if found is None else found[0]


def sides_for(state: LoanState, step: LoanStep) -> frozenset[LoanSide]:
    """Return whose people may take a step."""
    found = _STEPS.get((state, step))
    return frozenset() if found is None else found[1]
