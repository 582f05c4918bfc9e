"""Reports from the public at the desk: an incident is made of one, or it is not. Nobody is sent."""

from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import undefer

from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.caller_numbers import numbers_hidden
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.reports import ReportService
from dispatch.incidents.service import IncidentService
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import CreateIncident
from dispatch.public_reports.models import PublicReport
from dispatch.public_reports.states import Proof
from dispatch.public_reports.states import PublicReportState
from dispatch.public_reports.types import AttachPublicReport
from dispatch.public_reports.types import ConfirmPublicReport
from dispatch.public_reports.types import DismissPublicReport
from dispatch.public_reports.types import PublicReportAnswer
from dispatch.public_reports.types import PublicReportListQuery
from dispatch.public_reports.types import PublicReportsAnswer
from dispatch.records.photos import PhotoService
from dispatch.records.types import AddPhoto

_ALL: Final = PublicReportListQuery()
_LISTING = Listing(
    searched=(PublicReport.address, PublicReport.words, PublicReport.phone, PublicReport.reason),
    sorted_by={
        "received_at": PublicReport.received_at,
        "settled_at": PublicReport.settled_at,
        "state": PublicReport.state,
    },
    order="received_at",
    key=PublicReport.id,
)


class PublicReportService:
    """What the desk can do with reports from the public."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        incidents: IncidentService,
        reports: ReportService,
        photos: PhotoService,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._incidents = incidents
        self._reports = reports
        self._photos = photos

    def list(self, actor: Actor, query: PublicReportListQuery = _ALL) -> PublicReportsAnswer:
        """Return reports, the longest waiting first."""
        actor.require(Permission.INCIDENT_READ)
        rows = select(PublicReport).options(undefer(PublicReport.photo))
        if query.state is not None:
            rows = rows.where(PublicReport.state == query.state.value)
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        seen = [_view(each) for each in found.rows]
        shown = seen if may_see_numbers(actor) else numbers_hidden(seen)
        return {"reports": shown, "total": found.total}

    def confirm(
        self, actor: Actor, report_id: int, wanted: ConfirmPublicReport
    ) -> PublicReportAnswer:
        """Make an incident of a report, as if it had been told on the telephone.

        Raises
        ------
        NotFound
            If there is no such report.
        InvalidInput
            On ``lon``, if nobody has said where it is; else as for a new incident.
        Conflict
            ``settled_already``, with what became of it.
        """
        actor.require(Permission.INCIDENT_WRITE)
        report = self._claimed(actor, report_id, PublicReportState.CONFIRMED)
        try:
            place = wanted.lonlat or _place(report)
            if place is None:
                raise InvalidInput.one("lon", N_("is needed: the report says no place"))
            told = CreateIncident(
                kind=wanted.kind or report.kind,
                lon=place[0],
                lat=place[1],
                priority=wanted.priority,
                address=wanted.address or report.address or None,
                description=report.words or None,
                caller_phone=report.phone,
                channel="web",
                told_at=report.received_at,
                unit_id=report.unit_id,
                client_id=f"public-report-{report.id}",
            )
            incident_id = self._incidents.create(actor, told)["id"]
            self._hand_over_photo(actor, report, incident_id)
        except DispatchError:
            self._give_back(report_id)
            raise
        return self._settled(actor, report_id, incident_id)

    def attach(
        self, actor: Actor, report_id: int, wanted: AttachPublicReport
    ) -> PublicReportAnswer:
        """Add a report to a known incident, as another telling of it.

        Raises
        ------
        NotFound
            If there is no such report, or incident.
        Conflict
            ``settled_already``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        report = self._claimed(actor, report_id, PublicReportState.ATTACHED)
        try:
            told = AddReport(
                channel="web",
                words=" · ".join(each for each in (report.words, report.address) if each) or None,
                caller_phone=report.phone,
                told_at=report.received_at,
                client_id=f"public-report-{report.id}",
            )
            self._reports.add(actor, wanted.incident_id, told)
            self._hand_over_photo(actor, report, wanted.incident_id)
        except DispatchError:
            self._give_back(report_id)
            raise
        return self._settled(actor, report_id, wanted.incident_id)

    def dismiss(
        self, actor: Actor, report_id: int, wanted: DismissPublicReport
    ) -> PublicReportAnswer:
        """Put a report aside; its number and words are kept for a while, should it have been wrong.

        Raises
        ------
        NotFound
            If there is no such report.
        Conflict
            ``settled_already``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        self._claimed(actor, report_id, PublicReportState.DISMISSED, reason=wanted.reason)
        return self._settled(actor, report_id, None)

    def _claimed(
        self,
        actor: Actor,
        report_id: int,
        state: PublicReportState,
        *,
        reason: str | None = None,
    ) -> PublicReport:
        """Settle a report for this actor alone, in a transaction of its own, and return it.

        The first of two desks has it. What was claimed and not carried out, for the server ended
        in between, can be claimed again: its incident is made once under its name.
        """

        def work(session: Session) -> PublicReport:
            report = _locked(session, report_id)
            unfinished = (
                report.state == state.value
                and report.incident_id is None
                and state is not PublicReportState.DISMISSED
                and report.settled_by == actor.display_name
            )
            if report.state != PublicReportState.WAITING and not unfinished:
                raise _settled_already(report)
            report.state, report.reason = state.value, reason
            report.settled_at, report.settled_by = self._clock(), actor.display_name
            session.flush()
            return report

        return self._work.run(work)

    def _give_back(self, report_id: int) -> None:
        def work(session: Session) -> None:
            report = _locked(session, report_id)
            report.state = PublicReportState.WAITING.value
            report.settled_at = report.settled_by = report.reason = None

        self._work.run(work)

    def _settled(self, actor: Actor, report_id: int, incident_id: int | None) -> PublicReportAnswer:
        """Note what became of a report; what is personal has gone to its incident."""

        def work(session: Session) -> PublicReportAnswer:
            now = self._clock()
            report = _locked(session, report_id)
            if incident_id is not None:
                report.incident_id = incident_id
                report.words = report.phone = report.address = ""
                report.lon = report.lat = None
            report.photo = None
            session.flush()
            _tell(session, actor, report, now)
            return _view(report)

        return self._work.run(work)

    def _hand_over_photo(self, actor: Actor, report: PublicReport, incident_id: int) -> None:
        if report.photo:
            name = f"public-report-{report.id}-photo"
            self._photos.add(actor, incident_id, AddPhoto(photo=report.photo, client_id=name))


def _locked(session: Session, report_id: int) -> PublicReport:
    query = (
        select(PublicReport)
        .where(PublicReport.id == min(report_id, LARGEST_ID))
        .options(undefer(PublicReport.photo))
        .with_for_update()
    )
    report = session.scalar(query)
    if report is None:
        raise NotFound.thing("public_report", report_id)
    return report


def _settled_already(report: PublicReport) -> Conflict:
    message = N_("%(who)s has settled this report already.")
    extra: dict[str, Any] = {"state": report.state, "incident_id": report.incident_id}
    return Conflict("settled_already", message, {"who": report.settled_by}, extra=extra)


def _tell(session: Session, actor: Actor, report: PublicReport, now: datetime) -> None:
    data = {"report_id": report.id, "state": report.state, "incident_id": report.incident_id}
    kind = EventKind.PUBLIC_REPORT_SETTLED
    events.append(session, kind, actor, at=now, data=data, unit_id=report.unit_id)


def _place(report: PublicReport) -> tuple[float, float] | None:
    return None if report.lon is None or report.lat is None else (report.lon, report.lat)


def _view(report: PublicReport) -> PublicReportAnswer:
    return {
        "id": report.id,
        "state": PublicReportState(report.state),
        "proof": Proof(report.proof),
        "received_at": instant(report.received_at),
        "kind": report.kind,
        "lon": report.lon,
        "lat": report.lat,
        "address": report.address,
        "words": report.words,
        "caller_phone": report.phone,
        "has_photo": report.photo is not None,
        "settled_at": instant(report.settled_at),
        "settled_by": report.settled_by,
        "reason": report.reason,
        "incident_id": report.incident_id,
    }
