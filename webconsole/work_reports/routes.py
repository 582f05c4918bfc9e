"""Reports of orders, for the desk and for the crew."""

from typing import Annotated
from typing import Literal

from flask import Response
from pydantic import Field

from dispatch.access.permissions import Permission
from dispatch.work_reports.types import SendWorkReport
from dispatch.work_reports.types import WorkReportStatusAnswer
from webconsole.platform import i18n
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.queries import Query
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN
from webconsole.work_reports import printed

work_reports = Area("work_reports", __name__, url_prefix="/api/v1/assignments", tag="Work reports")
_STEPS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)


class ReportQuery(Query):
    """In which language a report is printed."""

    language: Annotated[
        Literal["en", "zh"] | None, Field(description="left out: that of the request")
    ] = None


@work_reports.get("/<int:assignment_id>/work-report", needs=ORDERS_SEEN)
@work_reports.input(ReportQuery, location="query", arg_name="query")
@work_reports.output({}, content_type="application/pdf")
@work_reports.doc(
    responses={
        409: "order_not_completed",
        429: "Too many are printed at this moment",
        503: "printing_unavailable: this machine lacks a library",
    }
)
def get_work_report(assignment_id: int, query: ReportQuery) -> Response:
    """Print the report of a completed order as a PDF, in English or Chinese."""
    report = services().work_reports.of_order(actor(), assignment_id)
    return printed.pdf(report, query.language or i18n.chosen_language())


@work_reports.get("/<int:assignment_id>/work-report/status", needs=ORDERS_SEEN)
@work_reports.output(described(WorkReportStatusAnswer))
def work_report_status(assignment_id: int) -> Response:
    """Show whether an order has a report, and whether the customer was sent it."""
    return answer(services().work_report_sendings.status(actor(), assignment_id))


@work_reports.post("/<int:assignment_id>/work-report/sending", needs=_STEPS)
@work_reports.input(SendWorkReport, arg_name="body")
@work_reports.output(described(WorkReportStatusAnswer), 202)
@work_reports.doc(
    responses={
        409: "order_not_completed, already_sent, no_phone, no_gateway or idempotency_mismatch"
    }
)
def send_work_report(assignment_id: int, body: SendWorkReport) -> Response:
    """Send the customer a link to the report, once, by the number that the caller left."""
    status, replayed = services().work_report_sendings.request(actor(), assignment_id, body)
    return answer(status, 202, replayed=replayed)
