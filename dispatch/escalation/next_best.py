"""The crew that should go instead of one that does not answer; found outside any transaction."""

from dataclasses import dataclass

from sqlalchemy import select

from dispatch.assignments.models import Assignment
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents.models import Incident
from dispatch.sending.candidates import CandidateService

_TRIED = (*LIVE_STATES, AssignmentState.DECLINED, AssignmentState.EXPIRED)


@dataclass(frozen=True, slots=True)
class NextBest:
    """Who should go instead.

    Attributes
    ----------
    travel_time_s
        By road; None when no road network could tell: it was found by straight distance then.
    distance_m
        In a straight line.
    """

    crew_id: int
    crew_name: str
    travel_time_s: float | None
    distance_m: float


class NextBestSearch:
    """Finds who should go instead, among crews that are free and have not been asked."""

    def __init__(self, unit_of_work: UnitOfWork, candidates: CandidateService) -> None:
        self._work = unit_of_work
        self._candidates = candidates

    def find(self, incident_id: int) -> NextBest | None:
        """Return the best crew that is free and was not asked in this round; None without any.

        Without road times it is the nearest in a straight line.
        """
        tried = select(Assignment.crew_id).join(
            Incident,
            (Incident.id == Assignment.incident_id) & (Incident.round == Assignment.round),
        )
        tried = tried.where(Incident.id == incident_id, Assignment.state.in_(_TRIED))
        with self._work.reading() as session:
            asked = set(session.scalars(tried))
        for each in self._candidates.judge_all(incident_id, None)["candidates"]:
            free = each["verdict"] != "excluded" and not each["workload"]["active"]
            if free and each["crew_id"] not in asked:
                return NextBest(
                    each["crew_id"], each["crew_name"], each["travel_time_s"], each["distance_m"]
                )
        return None
