"""The facts of a report: read for the desk, for the crew whose order it is, and behind a link."""

from collections.abc import Callable
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.incidents import merged_rows
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.links.types import Link
from dispatch.records.models import Photo
from dispatch.records.states import PhotoState
from dispatch.signatures.service import signature_of
from dispatch.units.models import OrganisationUnit
from dispatch.work_reports.types import ReportPhoto
from dispatch.work_reports.types import ReportSection
from dispatch.work_reports.types import ReportSignature
from dispatch.work_reports.types import ReportStep
from dispatch.work_reports.types import WorkReport

SectionReading = Callable[[Session, Assignment], Sequence[ReportSection]]
MOST_PHOTOS: Final = 12
_STEPS: Final = ("offered_at", "accepted_at", "departed_at", "arrived_at", "completed_at")
_MINUTE_S: Final = 60


class WorkReportService:
    """What can be asked of reports."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._work = unit_of_work
        self.sections: list[SectionReading] = []
        """Other rooms' sections: each reads its own of an order, none or several."""

    def of_order(self, actor: Actor, assignment_id: int) -> WorkReport:
        """Return the report of an order; a crew has those of its own.

        Raises
        ------
        NotFound
            If there is no such order, or it is none of the actor's.
        Conflict
            ``order_not_completed`` before its end, and if it ended otherwise.
        """
        with self._work.reading() as session:
            order = order_of(session, actor, assignment_id)
            require_completed(order)
            return self._read(session, order)

    def behind(self, link: Link) -> WorkReport:
        """Return the report that a link leads to; it is read with what the link may see.

        Raises
        ------
        NotFound
            If the order is there no longer.
        """
        with self._work.reading() as session:
            order = session.get(Assignment, link.assignment_id or 0)
            if order is None or order.state != AssignmentState.COMPLETED:
                raise NotFound.thing("link", "")
            return self._read(session, order)

    def _read(self, session: Session, order: Assignment) -> WorkReport:
        query = (
            select(Incident, IncidentKind.name_en, IncidentKind.name_zh)
            .join(IncidentKind, IncidentKind.code == Incident.kind)
            .add_columns(func.ST_X(Incident.point).label("lon"))
            .add_columns(func.ST_Y(Incident.point).label("lat"))
            .where(Incident.id == order.incident_id)
        )
        row = session.execute(query).one()
        incident: Incident = row.Incident
        company = select(OrganisationUnit.name).where(OrganisationUnit.id == incident.company_id)
        photos, left_out = _photos(session, order)
        sections = [each for read in self.sections for each in read(session, order)]
        return WorkReport(
            assignment_id=order.id,
            incident_id=order.incident_id,
            company_name=session.scalar(company) or "",
            kind_en=row.name_en,
            kind_zh=row.name_zh,
            address=incident.address,
            lonlat=(row.lon, row.lat),
            reported_at=incident.created_at,
            crew_name=session.scalar(select(Crew.name).where(Crew.id == order.crew_id)) or "",
            steps=[ReportStep(name, at) for name in _STEPS if (at := getattr(order, name))],
            minutes_on_scene=_minutes_on_scene(order),
            outcome_en=order.outcome_name_en or "",
            outcome_zh=order.outcome_name_zh or "",
            result=order.result or "",
            photos=photos,
            photos_left_out=left_out,
            signature=_signature(session, order.id),
            sections=sorted(sections, key=lambda each: each.order),
        )


def order_of(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Return an order that the actor may read of.

    Raises
    ------
    NotFound
        If there is none.
    """
    order = session.get(Assignment, min(assignment_id, LARGEST_ID))
    own = order is not None and actor.crew_id is not None and actor.crew_id == order.crew_id
    if order is None or not (own or actor.may(Permission.INCIDENT_READ)):
        raise NotFound.thing("assignment", assignment_id)
    return order


def require_completed(order: Assignment) -> None:
    """Refuse the report of an order that was not completed.

    Raises
    ------
    Conflict
        ``order_not_completed``.
    """
    if order.state != AssignmentState.COMPLETED:
        message = N_("There is a report once the order is completed.")
        raise Conflict("order_not_completed", message)


def _minutes_on_scene(order: Assignment) -> int | None:
    """Return for how long the crew worked: as it says, else by the clock of its steps."""
    if order.work is not None and order.work["minutes"] is not None:
        return order.work["minutes"]
    since, until = order.arrived_at, order.completed_at
    if since is None or until is None:
        return None
    return round((max((until - since).total_seconds(), 0) + (order.worked_s or 0)) / _MINUTE_S)


def _signature(session: Session, assignment_id: int) -> ReportSignature | None:
    found = signature_of(session, assignment_id)
    if found is None:
        return None
    return ReportSignature(
        signer_name=found.signer_name,
        strokes=found.strokes,
        width=found.width,
        height=found.height,
        refusal=found.refusal,
        signed_at=found.signed_at,
    )


def _photos(session: Session, order: Assignment) -> tuple[list[ReportPhoto], int]:
    """Return the crew's photos in the order in which they were taken, and how many are left out."""
    incident_ids = merged_rows.with_merged(session, order.incident_id)
    taken_at = func.coalesce(Photo.taken_at, Photo.received_at)
    query = (
        select(Photo.thumbnail, Photo.taken_at, Photo.caption)
        .where(
            Photo.incident_id.in_(incident_ids),
            Photo.crew_id == order.crew_id,
            Photo.state == PhotoState.SHOWN,
        )
        .order_by(taken_at, Photo.id)
    )
    rows = session.execute(query.limit(MOST_PHOTOS)).all()
    count = select(func.count()).select_from(query.order_by(None).subquery())
    left_out = (session.scalar(count) or 0) - len(rows) if len(rows) == MOST_PHOTOS else 0
    return [ReportPhoto(row.thumbnail, row.taken_at, row.caption) for row in rows], left_out
