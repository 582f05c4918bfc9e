"""Loans of crews: asked for, agreed or refused by the other side, and ended."""

from datetime import datetime
from datetime import timedelta
from typing import Final
from typing import cast

from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.instants import Clock
from dispatch.core.listing import Listing
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events.kinds import EventKind
from dispatch.lending import loan_rows
from dispatch.lending.states import LoanState
from dispatch.lending.states import LoanStep
from dispatch.lending.states import after
from dispatch.lending.types import AgreeToLend
from dispatch.lending.types import AskForCrew
from dispatch.lending.types import LendersAnswer
from dispatch.lending.types import LoanAnswer
from dispatch.lending.types import LoanListQuery
from dispatch.lending.types import LoansAnswer
from dispatch.lending.types import SettleLoan
from dispatch.units.belonging import own_unit
from dispatch.units.models import CrewLoan
from dispatch.units.models import OrganisationUnit
from dispatch.units.states import UnitKind
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once

LONGEST: Final = timedelta(days=366)
_LENDERS = text("SELECT * FROM lenders_for(:unit)")
_ALL = LoanListQuery()
_LISTING = Listing(
    searched=(CrewLoan.crew_name, CrewLoan.unit_name, CrewLoan.lender_name, CrewLoan.words),
    sorted_by={
        "under_way": CrewLoan.state.in_((LoanState.ASKED.value, LoanState.LENT.value)),
        "from_at": CrewLoan.from_at,
        "until_at": CrewLoan.until_at,
        "state": CrewLoan.state,
    },
    order="-under_way",
    key=CrewLoan.id,
)


class LoanService:
    """What can be asked of loans of crews."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, query: LoanListQuery = _ALL) -> LoansAnswer:
        """Return the loans of one's own side, those under way first, then the newest."""
        actor.require(Permission.CREW_READ)
        rows = select(CrewLoan)
        if query.state is not None:
            rows = rows.where(CrewLoan.state == query.state.value)
        now = self._clock()
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {
            "loans": [loan_rows.view(actor, each, now) for each in found.rows],
            "total": found.total,
        }

    def lenders(self, actor: Actor) -> LendersAnswer:
        """Return whom one can ask for a crew: companies of the group, units of one's company."""
        actor.require(Permission.LENDING_ASK)
        with self._work.reading() as session:
            rows = session.execute(_LENDERS, {"unit": actor.unit_id}).all()
        return {
            "lenders": [
                {"id": row.id, "kind": UnitKind(row.kind), "code": row.code, "name": row.name}
                for row in rows
            ]
        }

    def ask(self, actor: Actor, wanted: AskForCrew) -> LoanAnswer:
        """Ask another unit for a crew.

        Raises
        ------
        InvalidInput
            On ``lender_id``, ``unit_id``, ``crew_id`` or ``until_at``.
        """
        actor.require(Permission.LENDING_ASK)
        now = self._clock()
        from_at = wanted.from_at or now
        if not timedelta(0) < wanted.until_at - max(from_at, now) <= LONGEST:
            raise InvalidInput.one("until_at", N_("must be after the beginning, by at most a year"))
        once = Once.of(actor, wanted.client_id, wanted)

        def work(session: Session) -> LoanAnswer:
            before = once.begin(session, now)
            if before is not None:
                return cast("LoanAnswer", before)
            borrower = _borrower(session, actor, wanted.unit_id)
            lender = session.execute(
                text("SELECT id, name FROM lenders_for(:unit) WHERE id = :id"),
                {"unit": borrower.id, "id": wanted.lender_id},
            ).one_or_none()
            if lender is None:
                raise InvalidInput.one("lender_id", N_("is no unit that you can ask for a crew"))
            crew = None
            if wanted.crew_id is not None:
                crew = _crew_of(session, wanted.crew_id, lender.id)
            loan = CrewLoan(
                crew_id=None if crew is None else crew.id,
                crew_name=None if crew is None else crew.name,
                unit_id=borrower.id,
                unit_name=borrower.name,
                lender_id=lender.id,
                lender_name=lender.name,
                words=wanted.words,
                settled_words="",
                state=LoanState.ASKED.value,
                from_at=from_at,
                until_at=wanted.until_at,
                asked_at=now,
                asked_by_id=actor.account_id,
                asked_by=actor.display_name,
            )
            session.add(loan)
            session.flush()
            answer = loan_rows.view(actor, loan, now)
            once.finish(session, answer)
            loan_rows.tell(session, EventKind.LOAN_ASKED, actor, loan, now)
            return answer

        return self._work.run(work)

    def agree(self, actor: Actor, loan_id: int, wanted: AgreeToLend) -> LoanAnswer:
        """Lend a crew; the borrower sees it from the time that was asked for.

        Raises
        ------
        InvalidInput
            On ``crew_id``, if it is missing or no crew of the lender.
        Conflict
            ``wrong_state``, ``loan_is_over``, ``crew_lent``, ``same_person``.
        """
        once = Once.of(actor, wanted.client_id, wanted, loan_id=loan_id)

        def work(session: Session) -> LoanAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("LoanAnswer", before)
            loan = loan_rows.locked(session, loan_id)
            _refuse_to_agree(actor, loan, now)
            crew_id = wanted.crew_id if wanted.crew_id is not None else loan.crew_id
            if crew_id is None:
                raise InvalidInput.one("crew_id", N_("is needed: none was asked for"))
            crew = _crew_of(session, crew_id, loan.lender_id or 0)
            row_locks.lock(session, [], [crew.id])
            loan.crew_id, loan.crew_name = crew.id, crew.name
            loan.state = LoanState.LENT.value
            _settled(loan, actor, now, wanted.words)
            session.flush()
            begun = loan.from_at <= now
            loan_rows.set_end(session, loan, loan.until_at if begun else loan.from_at, now)
            answer = loan_rows.view(actor, loan, now)
            once.finish(session, answer)
            loan_rows.tell(session, EventKind.LOAN_AGREED, actor, loan, now)
            if begun:
                loan_rows.tell(session, EventKind.LOAN_BEGAN, actor, loan, now)
            return answer

        try:
            return self._work.run(work)
        except IntegrityError as error:
            if "uq_crew_loan_lent" in str(error.orig):
                message = N_("This crew is lent already.")
                raise Conflict("crew_lent", message) from error
            raise

    def refuse(self, actor: Actor, loan_id: int, wanted: SettleLoan) -> LoanAnswer:
        """Refuse to lend a crew."""

        def work(session: Session) -> LoanAnswer:
            now = self._clock()
            loan = loan_rows.locked(session, loan_id)
            _require(actor, loan, LoanStep.REFUSE)
            loan.state = LoanState.REFUSED.value
            _settled(loan, actor, now, wanted.words)
            session.flush()
            loan_rows.tell(session, EventKind.LOAN_REFUSED, actor, loan, now)
            return loan_rows.view(actor, loan, now)

        return self._work.run(work)

    def end(self, actor: Actor, loan_id: int, wanted: SettleLoan) -> LoanAnswer:
        """End a loan before its time, from either side; or take the question back.

        Raises
        ------
        Conflict
            ``wrong_state``; ``crew_has_orders`` if the crew still has live orders there.
        """

        def work(session: Session) -> LoanAnswer:
            now = self._clock()
            loan = loan_rows.locked(session, loan_id)
            _require(actor, loan, LoanStep.END)
            if loan.crew_id is not None and loan.state == LoanState.LENT:
                row_locks.lock(session, [], [loan.crew_id])
                if loan_rows.busy_there(session, loan):
                    message = N_(
                        "%(crew)s still has orders there. They have to be completed or withdrawn"
                        " first."
                    )
                    raise Conflict("crew_has_orders", message, {"crew": loan.crew_name})
            loan_rows.end(session, loan, actor, now, wanted.words or "")
            return loan_rows.view(actor, loan, now)

        return self._work.run(work)


def _borrower(session: Session, actor: Actor, unit_id: int | None) -> OrganisationUnit:
    wanted = unit_id if unit_id is not None else actor.unit_id
    if wanted is None:
        raise InvalidInput.one("unit_id", N_("is needed: you belong to no unit"))
    return own_unit(session, wanted)


def _crew_of(session: Session, crew_id: int, lender_id: int) -> Crew:
    """Return a crew of a unit or of one below it."""
    below = select(OrganisationUnit.below).where(OrganisationUnit.id == lender_id)
    crew = session.get(Crew, crew_id)
    if crew is None or crew.unit_id not in (session.scalar(below) or ()):
        raise InvalidInput.one("crew_id", N_("is no crew of the unit that is asked"))
    return crew


def _require(actor: Actor, loan: CrewLoan, step: LoanStep) -> None:
    """Hold that a step can be taken now, and by this actor."""
    if after(LoanState(loan.state), step) is None:
        message = N_("This is not possible any more: the loan is %(state)s.")
        raise Conflict("wrong_state", message, {"state": loan.state}, extra={"state": loan.state})
    if loan_rows.may_take(actor, loan, step) is None:
        raise NotAllowed(N_("This is for the other side of the loan, or for somebody who may."))


def _refuse_to_agree(actor: Actor, loan: CrewLoan, now: datetime) -> None:
    """Hold that a loan can be agreed to now, and by somebody else than who asked."""
    _require(actor, loan, LoanStep.AGREE)
    if loan.asked_by_id is not None and loan.asked_by_id == actor.account_id:
        message = N_("You asked for this crew yourself; somebody else has to agree.")
        raise Conflict("same_person", message)
    if loan.until_at <= now:
        raise Conflict("loan_is_over", N_("The time for which the crew was asked is over."))


def _settled(loan: CrewLoan, actor: Actor, now: datetime, words: str | None) -> None:
    loan.settled_at = now
    loan.settled_by_id, loan.settled_by = actor.account_id, actor.display_name
    loan.settled_words = words or ""
