"""Proposing crews for many incidents, and sending what the desk makes of it."""

from dataclasses import dataclass
from typing import Any
from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.errors import DispatchError
from dispatch.core.errors import NotFound
from dispatch.core.errors import RoadsUnavailable
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.proposals.models import Proposal
from dispatch.proposals.models import ProposalSending
from dispatch.proposals.proposal_rows import proposed_rows
from dispatch.proposals.types import BatchAnswer
from dispatch.proposals.types import BatchRowAnswer
from dispatch.proposals.types import BatchSendingAnswer
from dispatch.proposals.types import Propose
from dispatch.proposals.types import SendProposal
from dispatch.proposals.types import SendRow
from dispatch.sending.candidates import Judged
from dispatch.sending.service import SendService
from dispatch.sending.types import SendCrew
from dispatch.sending.wide_judging import WideJudging
from dispatch.writes.idempotency import Once


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the rows of a proposal: orders, and refusals by row."""

    orders: list[AssignmentAnswer]
    refused: list[tuple[SendRow, DispatchError]]


class BatchProposals:
    """Makes proposals, keeps them, and sends their rows."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        judging: WideJudging,
        sending: SendService,
        clock: Clock,
        *,
        radius_m: float,
    ) -> None:
        """Know whom to ask.

        Parameters
        ----------
        radius_m
            With an order are kept all crews that were this near, in a straight line.
        """
        self._work = unit_of_work
        self._judging = judging
        self._sending = sending
        self._clock = clock
        self._radius_m = radius_m

    def propose(self, actor: Actor, wanted: Propose) -> tuple[BatchAnswer, bool]:
        """Return a crew for as many incidents as possible, at the least weighted arrival time.

        Nothing is sent and nobody is held; it is kept as it was computed.

        Returns
        -------
        proposal, replayed
            The proposal, and whether it was made before under this key.

        Raises
        ------
        NotFound
            If an incident that is named does not exist.
        RoadsUnavailable
            If no road network answers; crews can still be sent one by one.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted)
        before = once.answered(self._work)
        if before is not None:
            return cast("BatchAnswer", before), True
        judged = self._judging.judge(wanted.incident_ids, wanted.crew_ids)
        found = {each.place.incident_id for each in judged.wanted}
        for incident_id in wanted.incident_ids or ():
            if incident_id not in found:
                raise NotFound.thing("incident", incident_id)
        rows = proposed_rows(judged)

        def work(session: Session) -> tuple[BatchAnswer, bool]:
            def keep() -> BatchAnswer:
                made = Proposal(
                    made_at=judged.computed_at,
                    made_by=actor.display_name,
                    crews=len(judged.crews),
                    rows=rows,
                )
                session.add(made)
                session.flush()
                return _answer(made, [])

            return once.run(session, self._clock(), keep)

        return self._work.run(work)

    def get(self, actor: Actor, proposal_id: int) -> BatchAnswer:
        """Return a proposal as it was made, with what of it was sent."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            made = _one(session, proposal_id)
            query = select(ProposalSending).where(ProposalSending.proposal_id == made.id)
            return _answer(made, session.scalars(query.order_by(ProposalSending.id)).all())

    def send(self, actor: Actor, proposal_id: int, wanted: SendProposal) -> Sent:
        """Send rows of a proposal: each is a send of its own, wholly done or refused.

        Each order keeps as its reason the crews around as they are judged now, and which proposal
        it comes from. Repeated with the same ``client_id`` it sends nothing twice, and goes on
        where a worker that was stopped had left off.

        Returns
        -------
        sent
            The orders, and each refused row with what speaks against it.

        Raises
        ------
        NotFound
            If there is no such proposal.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        with self._work.reading() as session:
            proposed = _one(session, proposal_id).rows
        before: dict[tuple[int, str | None], list[dict[str, Any]]] = {}
        for each in proposed:
            before.setdefault(_about(each["incident_id"], _code(each)), []).append(each)
        judged = self._judged(wanted.rows)
        sent = Sent([], [])
        kept = []
        changed_by_us: set[int] = set()
        for row in wanted.rows:
            shown = before.get(_about(row.incident_id, row.task), [])
            first = _proposed_crew(shown, row.crew_id)
            outcome: dict[str, Any] = {
                "incident_id": row.incident_id,
                "crew_id": row.crew_id,
                "task": row.task,
                "proposed_crew_id": first,
                "assignment_id": None,
                "refused": None,
            }
            kept.append(outcome)
            try:
                order, _ = self._sending.send(
                    actor,
                    row.incident_id,
                    SendCrew(
                        crew_id=row.crew_id,
                        # The first crew of several changes the incident for the next ones.
                        expected_version=None
                        if row.incident_id in changed_by_us
                        else row.expected_version,
                        task=row.task,
                        queue=_shown_busy(shown, row.crew_id),
                        radius_m=self._radius_m,
                        reason=wanted.reason,
                    ),
                    _row_key(proposal_id, wanted, row),
                    judged=judged.get(row),
                    data={"proposal_id": proposal_id},
                )
            except DispatchError as refusal:
                sent.refused.append((row, refusal))
                outcome["refused"] = refusal.code
            else:
                sent.orders.append(order)
                outcome["assignment_id"] = order["id"]
                changed_by_us.add(row.incident_id)
        self._keep_sending(actor, proposal_id, wanted, kept)
        return sent

    def _judged(self, rows: list[SendRow]) -> dict[SendRow, Judged]:
        """Return the judgement of each row's crew; none without roads: each is judged alone."""
        try:
            judged = self._judging.judge([row.incident_id for row in rows], None, any_duty=True)
        except RoadsUnavailable:
            return {}
        at: dict[tuple[int, str | None], int] = {}
        for number, each in enumerate(judged.wanted):
            code = each.task.code if each.task else None
            for task in (code, None):  # without a task, the first that misses a crew
                at.setdefault(_about(each.place.incident_id, task), number)
        return {
            row: judged.judged(at[about], row.crew_id, self._radius_m)
            for row in rows
            if (about := _about(row.incident_id, row.task)) in at
        }

    def _keep_sending(
        self, actor: Actor, proposal_id: int, wanted: SendProposal, rows: list[dict[str, Any]]
    ) -> None:
        statement = insert(ProposalSending).values(
            proposal_id=proposal_id,
            sent_at=self._clock(),
            sent_by=actor.display_name,
            client_id=wanted.client_id,
            rows=rows,
        )
        again = statement.on_conflict_do_update(
            index_elements=[ProposalSending.proposal_id, ProposalSending.client_id],
            index_where=ProposalSending.client_id.is_not(None),
            set_={"rows": statement.excluded.rows},
        )
        with self._work.writing() as session:
            session.execute(again)


def _about(incident_id: int, task: str | None) -> tuple[int, str | None]:
    return incident_id, task


def _code(row: dict[str, Any]) -> str | None:
    return row["task"]["code"] if row["task"] else None


def _row_key(proposal_id: int, wanted: SendProposal, row: SendRow) -> str | None:
    if wanted.client_id is None:
        return None
    return f"{wanted.client_id} {proposal_id} {row.incident_id} {row.crew_id}"


def _proposed_crew(rows: list[dict[str, Any]], chosen_id: int) -> int | None:
    """Return who was proposed: whoever is sent, if it was among them."""
    ids = [row["crew"]["crew_id"] for row in rows if row["crew"]]
    return chosen_id if chosen_id in ids else next(iter(ids), None)


def _shown_busy(rows: list[dict[str, Any]], crew_id: int) -> bool:
    """Tell whether the desk was shown that the crew has an order, so that this one waits."""
    shown = [each for row in rows for each in (row["crew"], *row["others"]) if each]
    return any(each["busy"] for each in shown if each["crew_id"] == crew_id)


def _one(session: Session, proposal_id: int) -> Proposal:
    made = session.get(Proposal, min(proposal_id, LARGEST_ID))
    if made is None:
        raise NotFound.thing("proposal", proposal_id)
    return made


def _answer(made: Proposal, sendings: Any) -> BatchAnswer:  # noqa: ANN401  (rows in order)
    rows = cast("list[BatchRowAnswer]", made.rows)
    sent: list[BatchSendingAnswer] = [
        {"sent_at": instant(each.sent_at), "sent_by": each.sent_by, "rows": each.rows}
        for each in sendings
    ]
    return {
        "id": made.id,
        "made_at": instant(made.made_at),
        "made_by": made.made_by,
        "crews": made.crews,
        "rows": rows,
        "sendings": sent,
    }
