"""What a merge would bring together, before anybody decides."""

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents import merged_rows
from dispatch.incidents.models import Incident
from dispatch.incidents.types import IncidentAnswer
from dispatch.merging.nearby import last_told_at
from dispatch.merging.nearby import on_one_main
from dispatch.merging.proposals import judge
from dispatch.merging.proposals import reasons
from dispatch.merging.types import MergedOrderAnswer
from dispatch.merging.types import MergePreviewAnswer


class PreviewService:
    """Shows merges before they are made."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def preview(self, actor: Actor, incident_id: int, into_id: int) -> MergePreviewAnswer:
        """Return both incidents, what becomes of live orders, and why they may be the same.

        Raises
        ------
        NotFound
            If there is no such incident.
        InvalidInput
            On ``into``, if there is no such incident.
        """
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            merged_rows.leads_to(session, incident_id)
            try:
                other_id = merged_rows.leads_to(session, into_id)
            except NotFound:
                message = N_("There is no incident %(id)s.")
                raise InvalidInput.one("into", message, id=into_id) from None
            views = self._read_model.incidents(session, [incident_id, other_id])
            incident, other = views[incident_id], views[other_id]
            distance_m = _distance_m(session, incident_id, other_id)
            mains = on_one_main(session, (incident["lon"], incident["lat"]), [other_id])
            alike = judge(
                distance_m=distance_m,
                told_ago=self._clock() - last_told_at(session, other_id),
                kinds=(incident["kind"], other["kind"]),
                utilities=(incident["utility"], other["utility"]),
                same_main=other_id in mains,
                addresses=(incident["address"], other["address"]),
            )
        return {
            "incident": incident,
            "into": other,
            "distance_m": distance_m,
            "score": round(alike.score, 2),
            "likely": alike.is_likely,
            "reasons": reasons(alike, mains.get(other_id)),
            "orders": [_if_moved(each, other) for each in _live(incident)],
        }


def _live(incident: IncidentAnswer) -> list[AssignmentAnswer]:
    return [each for each in incident["assignments"] if each["state"] in LIVE_STATES]


def _if_moved(order: AssignmentAnswer, other: IncidentAnswer) -> MergedOrderAnswer:
    twins = [each for each in _live(other) if each["crew_id"] == order["crew_id"]]
    if not twins:
        return {"assignment": order, "if_moved": "goes_over"}
    behind = twins[0]["rank"] > order["rank"]
    return {"assignment": order, "if_moved": "replaces" if behind else "ends"}


def _distance_m(session: Session, one_id: int, other_id: int) -> float:
    here = select(Incident.point).where(Incident.id == one_id).scalar_subquery()
    there = select(Incident.point).where(Incident.id == other_id).scalar_subquery()
    apart = select(func.ST_Distance(func.geography(here), func.geography(there)))
    return float(session.scalar(apart) or 0.0)
