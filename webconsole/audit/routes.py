"""The audit trail: entries by who, what, when and which; blocks of those who read too much."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.audit.types import LiftBlock
from dispatch.audit.types import ReadingBlocksAnswer
from dispatch.audit.types import TrailAnswer
from webconsole.audit.schemas import TrailQuery
from webconsole.audit.schemas import TrailTableQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

audit = Area("audit", __name__, url_prefix="/api/v1/audit", tag="Audit")


@audit.get("", needs=(Permission.AUDIT_READ,))
@audit.input(TrailQuery, location="query", arg_name="query")
@audit.output(described(TrailAnswer))
def find_entries(query: TrailQuery) -> Response:
    """Find entries of the trail, the newest first.

    Changes with old and new values, sign-ins and refused ones, readings of callers' numbers,
    exports, and the events of the log without what names or quotes a caller.
    """
    services().readings.flush()
    found = services().trail.find(actor(), query, before=query.before, limit=query.limit)
    return answer(found)


@audit.get("/entries.csv", needs=(Permission.AUDIT_EXPORT,))
@audit.input(TrailTableQuery, location="query", arg_name="query")
@audit.doc(responses={200: "CSV, UTF-8 with BOM"})
def trail_table(query: TrailTableQuery) -> Response:
    """Give the entries as a table for spreadsheets; that is an entry itself.

    Times are ISO 8601 in the desk's time zone. Cells that a spreadsheet would take for a formula
    begin with an apostrophe.
    """
    services().readings.flush()
    reply = Response(services().trail.table(actor(), query), mimetype="text/csv")
    reply.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


@audit.get("/reading-blocks", needs=(Permission.READING_UNBLOCK,))
@audit.output(described(ReadingBlocksAnswer))
def list_blocks() -> Response:
    """List who read too many callers' numbers and sees none until somebody lifts it."""
    return answer(services().reading_blocks.list(actor()))


@audit.post("/reading-blocks/<int:account_id>/lift", needs=(Permission.READING_UNBLOCK,))
@audit.input(LiftBlock, arg_name="body")
@audit.output({}, 204)
@audit.doc(responses={409: "own_block"})
def lift_block(account_id: int, body: LiftBlock) -> Response:
    """Let an account read callers' numbers again."""
    services().reading_blocks.lift(actor(), account_id, body)
    return Response(status=204)
