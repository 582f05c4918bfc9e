"""Unconfirmed reports at the desk: listed, confirmed, added to what is known, or dismissed."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.public_reports.types import AttachPublicReport
from dispatch.public_reports.types import ConfirmPublicReport
from dispatch.public_reports.types import DismissPublicReport
from dispatch.public_reports.types import PublicReportAnswer
from dispatch.public_reports.types import PublicReportListQuery
from dispatch.public_reports.types import PublicReportsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

public_reports = Area(
    "public_reports", __name__, url_prefix="/api/v1/public-reports", tag="Public reports"
)
REPORT = described(PublicReportAnswer)
SETTLED = "settled_already, with `state` and `incident_id`"


@public_reports.get("", needs=(Permission.INCIDENT_READ,))
@public_reports.input(PublicReportListQuery, location="query", arg_name="query")
@public_reports.output(described(PublicReportsAnswer))
def list_public_reports(query: PublicReportListQuery) -> Response:
    """List what was reported on the public page, the longest waiting first."""
    return answer(services().public_reports.list(actor(), query))


@public_reports.post("/<int:report_id>/confirm", needs=(Permission.INCIDENT_WRITE,))
@public_reports.input(ConfirmPublicReport, arg_name="body")
@public_reports.output(REPORT)
@public_reports.doc(responses={409: SETTLED})
def confirm_public_report(report_id: int, body: ConfirmPublicReport) -> Response:
    """Make an incident of a report; nobody is sent by that."""
    return answer(services().public_reports.confirm(actor(), report_id, body))


@public_reports.post("/<int:report_id>/attach", needs=(Permission.INCIDENT_WRITE,))
@public_reports.input(AttachPublicReport, arg_name="body")
@public_reports.output(REPORT)
@public_reports.doc(responses={409: SETTLED})
def attach_public_report(report_id: int, body: AttachPublicReport) -> Response:
    """Add a report to a known incident, as another telling of it."""
    return answer(services().public_reports.attach(actor(), report_id, body))


@public_reports.post("/<int:report_id>/dismiss", needs=(Permission.INCIDENT_WRITE,))
@public_reports.input(DismissPublicReport, arg_name="body")
@public_reports.output(REPORT)
@public_reports.doc(responses={409: SETTLED})
def dismiss_public_report(report_id: int, body: DismissPublicReport) -> Response:
    """Put a report aside, with the reason."""
    return answer(services().public_reports.dismiss(actor(), report_id, body))
