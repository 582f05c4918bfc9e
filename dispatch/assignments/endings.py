"""What is written when an order comes to its end: of a completed one its outcome and follow-up."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.board import attendance_rows
from dispatch.core.instants import instant
from dispatch.crews.order_queue import end_order
from dispatch.crews.order_queue import promote
from dispatch.crews.withdrawing import withdraw
from dispatch.forms import required
from dispatch.forms.types import WorkAnswer
from dispatch.forms.work import read_work
from dispatch.incidents.models import Incident
from dispatch.notices import notice_rows
from dispatch.notices.states import NoticeKind
from dispatch.outcomes.ending import Ending
from dispatch.outcomes.ending import read_ending
from dispatch.outcomes.follow_ups import FollowUp
from dispatch.outcomes.follow_ups import keep_follow_up
from dispatch.outcomes.states import Effect
from dispatch.outcomes.types import Complete
from dispatch.plans.states import decisive
from dispatch.writes.command import Step


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of an order that ended.

    Attributes
    ----------
    told
        What its event says.
    promoted
        The order that is now the crew's first; at most one.
    follow_up
        The incident in which the repair follows, if that is left to do.
    notices
        What writes the events of what the crew is told, after that of the order.
    """

    told: Mapping[str, Any]
    promoted: list[Assignment] = field(default_factory=list)
    follow_up: FollowUp | None = None
    notices: list[notice_rows.Tell] = field(default_factory=list)

    def tell_follow_up(self) -> None:
        """Write the event of the follow-up; after that of the order."""
        if self.follow_up:
            self.follow_up.tell()


@dataclass(frozen=True, slots=True)
class Ends:
    """Gives orders of one locked incident their ends.

    ``follow_up`` is the incident's, locked too, if it has one that has not ended.
    """

    incident: Incident
    follow_up: Incident | None
    actor: Actor
    now: datetime

    def end(
        self, session: Session, order: Assignment, target: AssignmentState, step: Step
    ) -> Ended:
        """End an order: given back, taken back, or completed with an outcome.

        Raises
        ------
        InvalidInput
            If it is completed with an outcome that the incident's kind does not know.
        """
        if target is AssignmentState.WITHDRAWN:
            return self._withdraw(session, order, step)
        reason, result = step.reason, step.result
        told: dict[str, Any] = {}
        follow_up: FollowUp | None = None
        if target is AssignmentState.COMPLETED:
            at = order.completed_at or self.now
            ending = read_ending(session, self.incident.kind, step, at)
            reason, result = ending.reason, ending.words
            told = self._complete(session, order, ending) | self._work(session, order, ending, step)
            if ending.outcome.effect is Effect.FOLLOW_UP:
                follow_up = keep_follow_up(
                    session, self.incident, self.follow_up, ending, self.actor, self.now
                )
                told["follow_up_id"] = follow_up.incident_id
                told["follow_up_due_at"] = instant(follow_up.due_at)
        end_order(order, target, self.now, reason=reason, result=result)
        told |= {"reason": reason, "result": result}
        notice_rows.lapse_of_order(session, order.id, self.now)  # nothing is left to confirm
        return Ended(told, promote(session, order), follow_up)

    def _work(
        self, session: Session, order: Assignment, ending: Ending, step: Step
    ) -> dict[str, Any]:
        """Write what the crew says of the work, once it measured what it has to.

        Of what was not done nothing has to be measured. Nor of an order that the desk ends: the
        crew's phone may be broken, and the order must end all the same.
        """
        if ending.outcome.effect is not Effect.NOT_DONE and self.actor.crew_id == order.crew_id:
            required.refuse_missing(session, order, self.incident.kind)
        work = _said_of_work(session, self.incident.kind, step)
        if work is None:
            return {}
        order.work = work
        return {name: value for name, value in work.items() if value not in (None, [])}

    def _withdraw(self, session: Session, order: Assignment, step: Step) -> Ended:
        recalled = withdraw(
            session,
            [order],
            self.actor,
            self.now,
            notice=NoticeKind.RECALLED,
            reason=step.reason,
        )
        told = {"reason": step.reason, "result": step.result}
        return Ended(told, list(recalled.promoted), notices=list(recalled.notices))

    def _complete(self, session: Session, order: Assignment, ending: Ending) -> dict[str, Any]:
        """Write an outcome as it is now: later changes of list and plan leave it as it was."""
        outcome = ending.outcome
        needed = attendance_rows.needed(session, self.incident)
        order.decisive = decisive(CrewRole(order.role), needed)
        order.completed_version = self.incident.version + 1
        told: dict[str, Any] = {
            "outcome": outcome.code,
            "outcome_effect": outcome.effect.value,
            "outcome_name_en": outcome.name_en,
            "outcome_name_zh": outcome.name_zh,
        }
        for name, value in told.items():
            setattr(order, name, value)
        return told if order.decisive else {**told, "decisive": False}


def _said_of_work(session: Session, kind: str, step: Step) -> WorkAnswer | None:
    if not isinstance(step, Complete):
        return None
    return read_work(session, kind, codes=step.codes, parts=step.parts, minutes=step.minutes)
