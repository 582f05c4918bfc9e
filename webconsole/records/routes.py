"""The record of an incident: notes and reports."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import ReportAnswer
from dispatch.incidents.types import ReportsAnswer
from dispatch.records.types import AddNote
from dispatch.records.types import NoteAnswer
from dispatch.records.types import NotesAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN
from webconsole.records.schemas import ReportsQuery

record = Area("record", __name__, url_prefix="/api/v1/incidents", tag="Record")


@record.get("/<int:incident_id>/notes", needs=ORDERS_SEEN)
@record.output(described(NotesAnswer))
def list_notes(incident_id: int) -> Response:
    """List the desk's notes of an incident; a crew is answered the messages that it wrote."""
    return answer(services().notes.list(actor(), incident_id))


@record.post("/<int:incident_id>/notes", needs=ORDERS_SEEN)
@record.input(AddNote, arg_name="body")
@record.output(described(NoteAnswer), 201)
@record.doc(responses={409: "idempotency_mismatch"})
def add_note(incident_id: int, body: AddNote) -> Response:
    """Write a note for the desk; a crew's becomes a message, as if sent to `…/messages`."""
    note, replayed = services().notes.add(actor(), incident_id, body)
    return answer(note, 201, replayed=replayed)


@record.get("/<int:incident_id>/reports", needs=ORDERS_SEEN)
@record.input(ReportsQuery, location="query", arg_name="query")
@record.output(described(ReportsAnswer))
def list_reports(incident_id: int, query: ReportsQuery) -> Response:
    """List the tellings of an incident; the first is what was pinned.

    Those of what was merged into it are among them. While next_after_id is not null there are more.
    """
    page = services().reports.list(actor(), incident_id, limit=query.limit, after_id=query.after_id)
    return answer(page)


@record.post("/<int:incident_id>/reports", needs=(Permission.INCIDENT_WRITE,))
@record.input(AddReport, arg_name="body")
@record.output(described(ReportAnswer), 201)
@record.doc(responses={409: "idempotency_mismatch"})
def add_report(incident_id: int, body: AddReport) -> Response:
    """Add another telling of the same incident."""
    report, replayed = services().reports.add(actor(), incident_id, body)
    return answer(report, 201, replayed=replayed)
