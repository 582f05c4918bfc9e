"""A report as a page: the same template for the printer and for the customer's browser."""

import base64
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from flask import Response
from flask import render_template
from flask_babel import force_locale

from dispatch.core.errors import N_
from dispatch.work_reports.printing import PrintingUnavailable
from dispatch.work_reports.types import WorkReport
from webconsole.platform.context import services
from webconsole.platform.errors import ProblemError

_SHEET: Final = Path(__file__).parents[1] / "static" / "css" / "pages" / "work_report.css"
STEP_WORDS: Final = {
    "offered_at": N_("Order given"),
    "accepted_at": N_("Accepted by the crew"),
    "departed_at": N_("Set out"),
    "arrived_at": N_("On the spot"),
    "completed_at": N_("Completed"),
}


def page(template: str, report: WorkReport, language: str, **more: object) -> str:
    """Return a page that shows a report in a language."""
    zone = ZoneInfo(services().settings.time_zone)

    def clock(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    with force_locale(language):
        return render_template(
            template,
            report=report,
            locale=language,
            clock=clock,
            zone=zone.key,
            picture=_picture,
            step_words=STEP_WORDS,
            **more,
        )


def pdf(report: WorkReport, language: str) -> Response:
    """Return a report as a file.

    Raises
    ------
    ProblemError
        503 when this machine cannot print.
    """
    html = page("work_reports/print.html", report, language, sheet=_sheet())
    try:
        content = services().printing.print_page(html)
    except PrintingUnavailable as error:
        raise ProblemError(503, error.code, error.msgid) from None
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{report.file_name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _picture(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"


@cache
def _sheet() -> str:
    return _SHEET.read_text(encoding="utf-8")
