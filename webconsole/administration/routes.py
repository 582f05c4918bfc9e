"""Tables in and out: imports with a trial first, and exports of every list."""

from flask import Response
from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.core.limits import LARGEST_TABLE_BYTES
from dispatch.core.list_query import ListQuery
from dispatch.exporting.types import TableFormat
from dispatch.importing.subjects import AnySubject
from dispatch.importing.types import ImportFile
from dispatch.importing.types import ImportReport
from webconsole.administration.schemas import ImportColumnsAnswer
from webconsole.administration.schemas import ImportReportAnswer
from webconsole.platform import problems
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.reading import refuse
from webconsole.platform.route_rights import SIGNED_IN

imports = Area("imports", __name__, url_prefix="/api/v1/imports", tag="Imports")
tables = Area("tables", __name__, url_prefix="/api/v1/tables", tag="Tables")
_TYPES = {
    TableFormat.CSV: "text/csv",
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@imports.get("/<subject>", needs=SIGNED_IN)
@imports.output(described(ImportColumnsAnswer))
def import_columns(subject: str) -> Response:
    """Tell what a file has to hold: its columns, and what else they may be called."""
    found = services().imports.subjects.of(subject)
    actor().require(found.permission)
    return answer(_columns(found))


@imports.post("/<subject>", needs=SIGNED_IN)
@imports.input(ImportFile, location="form_and_files", arg_name="form")
@imports.output(described(ImportReportAnswer))
@imports.doc(responses={413: "Larger than 20 MB", 429: "too_many_uploads"})
def import_table(subject: str, form: ImportFile) -> Response:
    """Import rows from CSV or XLSX: multipart/form-data with the file in `file`.

    With `mode=check` nothing is stored: the report says what would be. With `all` every line is
    stored, or none if one is wrong; with `others` those that are right, if exactly `wrong` lines
    are not. `applied` says whether anything was stored.
    """
    return answer(_report(services().imports.run(actor(), subject, form)))


@imports.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say which field is too large, and how large it may be."""
    return problems.file_too_large("file", LARGEST_TABLE_BYTES)


@tables.get("/<name>.csv", needs=SIGNED_IN)
@tables.input(ListQuery, location="query", arg_name="query")
@tables.doc(responses={200: "CSV, UTF-8 with BOM", 429: "too_many_requests"})
def export_csv(name: str, query: ListQuery) -> Response:  # noqa: ARG001  (read below, by its subject)
    """Give a list as CSV, by the filters of that list; the export is noted in the log.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    return _table(name, TableFormat.CSV)


@tables.get("/<name>.xlsx", needs=SIGNED_IN)
@tables.input(ListQuery, location="query", arg_name="query")
@tables.doc(responses={200: "XLSX", 429: "too_many_requests"})
def export_xlsx(name: str, query: ListQuery) -> Response:  # noqa: ARG001  (as above)
    """Give a list as a workbook, by the filters of that list; the export is noted in the log."""
    return _table(name, TableFormat.XLSX)


def _table(name: str, form: TableFormat) -> Response:
    exports = services().table_exports
    subject = exports.subjects.of(name)
    try:
        asked = subject.query.model_validate(request.args.to_dict())
    except ValidationError as error:
        refuse(error)
    table = exports.table(actor(), name, asked, form)
    reply = Response(table.content, mimetype=_TYPES[form])
    reply.headers["Content-Disposition"] = f'attachment; filename="{table.name}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _columns(subject: AnySubject) -> ImportColumnsAnswer:
    return {
        "subject": subject.name,
        "columns": [
            {
                "name": name,
                "required": name in subject.required,
                "key": name in subject.key,
                "headings": list(subject.headings.get(name, ())),
                "example": subject.examples.get(name, ""),
            }
            for name in subject.columns
        ],
    }


def _report(report: ImportReport) -> ImportReportAnswer:
    """Return a report in the language of the request."""
    return {
        "subject": report.subject,
        "columns": list(report.columns),
        "ignored": list(report.ignored),
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "lines": report.lines,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "wrong": report.wrong,
        "errors": [
            {
                "line": each.line,
                "column": each.column,
                "value": each.value,
                "message": problems.say(each.error.msgid, each.error.params),
            }
            for each in report.errors
        ],
        "errors_left_off": report.errors_left_off,
        "applied": report.applied,
    }
