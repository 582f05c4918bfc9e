"""The history: incidents found again, and their table for spreadsheets."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.history.types import HistoryAnswer
from webconsole.history.schemas import HistoryQuery
from webconsole.history.schemas import TableQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

history = Area("history", __name__, url_prefix="/api/v1/history", tag="History")


@history.get("/incidents", needs=(Permission.INCIDENT_READ,))
@history.input(HistoryQuery, location="query", arg_name="query")
@history.output(described(HistoryAnswer))
def find_incidents(query: HistoryQuery) -> Response:
    """Find incidents that are over, or in other states, the newest first.

    One request looks through 50 000 incidents at most. While next_before_id is not null there may
    be more, also when this page is empty: ask on with it as before_id.
    """
    services().readings.require(actor())
    found = services().history.find(actor(), query, before_id=query.before_id, limit=query.limit)
    return answer(found)


@history.get("/incidents.csv", needs=(Permission.EXPORT,))
@history.input(TableQuery, location="query", arg_name="query")
@history.doc(
    responses={200: "CSV, UTF-8 with BOM", 403: "reading_blocked", 429: "too_many_requests"}
)
def history_table(query: TableQuery) -> Response:
    """Give the incidents of a year at most as a table for spreadsheets.

    Times are ISO 8601 in the desk's time zone; callers and descriptions only for those who may
    export callers. Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    table = services().history.table(actor(), query)
    asked = query.model_dump(mode="json", by_alias=True, exclude_none=True)
    services().export_trail.note(actor(), "incidents.csv", asked=asked)
    reply = Response(table, mimetype="text/csv")
    reply.headers["Content-Disposition"] = 'attachment; filename="incidents.csv"'
    reply.headers["Cache-Control"] = "no-store"
    return reply
