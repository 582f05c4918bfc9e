"""The page behind a customer's link, and the file on it: plain, for any browser, of no index."""

from flask import Response
from flask import request
from flask import url_for

from dispatch.links.states import LinkPurpose
from dispatch.work_reports.types import WorkReport
from webconsole.platform import context
from webconsole.platform import i18n
from webconsole.platform.context import services
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages
from webconsole.work_reports import printed

work_report_pages = Pages("work_report_pages", __name__)


@work_report_pages.get("/r/<token>", needs=ANYBODY)
def customer_report(token: str) -> Response:
    """Show a report to whoever has its link."""
    report, language = _behind(token), _language()
    file_url = url_for("work_report_pages.customer_pdf", token=token, language=language)
    page = printed.page("work_reports/customer.html", report, language, file_url=file_url)
    return _private(Response(page))


@work_report_pages.get("/r/<token>/report.pdf", needs=ANYBODY)
def customer_pdf(token: str) -> Response:
    """Give the same as a file."""
    return _private(printed.pdf(_behind(token), _language()))


def _behind(token: str) -> WorkReport:
    link = services().links.open(token, LinkPurpose.REPORT)
    context.see_as(link.scope)
    return services().work_reports.behind(link)


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in i18n.LANGUAGES else i18n.chosen_language()


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
