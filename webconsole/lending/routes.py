"""Crews lent to another unit: asked for, agreed, refused and ended."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.lending.types import AgreeToLend
from dispatch.lending.types import AskForCrew
from dispatch.lending.types import LendersAnswer
from dispatch.lending.types import LoanAnswer
from dispatch.lending.types import LoanListQuery
from dispatch.lending.types import LoansAnswer
from dispatch.lending.types import SettleLoan
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

lending = Area("lending", __name__, url_prefix="/api/v1/loans", tag="Loans")
ASK = (Permission.LENDING_ASK,)
APPROVE = (Permission.LENDING_APPROVE,)
EITHER = (Permission.LENDING_ASK, Permission.LENDING_APPROVE)
LOAN = described(LoanAnswer)


@lending.get("", needs=(Permission.CREW_READ,))
@lending.input(LoanListQuery, location="query", arg_name="query")
@lending.output(described(LoansAnswer))
def list_loans(query: LoanListQuery) -> Response:
    """List the loans of one's own side, those under way first."""
    return answer(services().loans.list(actor(), query))


@lending.get("/lenders", needs=ASK)
@lending.output(described(LendersAnswer))
def list_lenders() -> Response:
    """List whom one can ask for a crew, by name alone."""
    return answer(services().loans.lenders(actor()))


@lending.post("", needs=ASK)
@lending.input(AskForCrew, arg_name="body")
@lending.output(LOAN, 201)
@lending.doc(responses={409: "idempotency_mismatch"})
def ask_for_crew(body: AskForCrew) -> Response:
    """Ask another unit for a crew, for a time."""
    return answer(services().loans.ask(actor(), body), 201)


@lending.post("/<int:loan_id>/agree", needs=APPROVE)
@lending.input(AgreeToLend, arg_name="body")
@lending.output(LOAN)
@lending.doc(responses={409: "wrong_state; loan_is_over; crew_lent; same_person"})
def agree(loan_id: int, body: AgreeToLend) -> Response:
    """Lend a crew: for somebody of the lender, and not for who asked."""
    return answer(services().loans.agree(actor(), loan_id, body))


@lending.post("/<int:loan_id>/refuse", needs=APPROVE)
@lending.input(SettleLoan, arg_name="body")
@lending.output(LOAN)
@lending.doc(responses={409: "wrong_state"})
def refuse(loan_id: int, body: SettleLoan) -> Response:
    """Refuse to lend a crew."""
    return answer(services().loans.refuse(actor(), loan_id, body))


@lending.post("/<int:loan_id>/end", needs=EITHER)
@lending.input(SettleLoan, arg_name="body")
@lending.output(LOAN)
@lending.doc(responses={409: "wrong_state; crew_has_orders"})
def end_loan(loan_id: int, body: SettleLoan) -> Response:
    """End a loan before its time, from either side, or take the question back."""
    return answer(services().loans.end(actor(), loan_id, body))
