"""The page on which planners try out standby points, and the reports of studies.

A report is a page of its own with scripts of its own: its policy (`serving.security_headers`) gives
it an origin of its own, so that it reaches nothing of the console.
"""

from typing import Any
from typing import Final

from flask import Response
from flask import render_template
from flask import send_file
from flask_babel import gettext

from dispatch.access.permissions import Permission
from dispatch.planning.states import DEMAND_LABELS
from dispatch.planning.states import FAILURE_LABELS
from dispatch.planning.states import STATE_LABELS
from dispatch.planning.states import STUDY_LABELS
from dispatch.planning.types import LEAST_MINUTES
from dispatch.planning.types import MOST_MINUTES
from dispatch.planning.types import MOST_POSTS
from webconsole.board.pages import boot
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import Pages

planning_pages = Pages("planning_pages", __name__)
PLANS = (Permission.PLANNING_WRITE,)
_REPORT: Final = "report.html"


@planning_pages.get("/plan", needs=PLANS)
def plan() -> str:
    """Try out standby points, keep them, have studies made."""
    actor().require(Permission.PLANNING_WRITE)
    told: dict[str, Any] = {
        "demands": {code.value: gettext(words) for code, words in DEMAND_LABELS.items()},
        "studies": {code.value: gettext(words) for code, words in STUDY_LABELS.items()},
        "states": {code.value: gettext(words) for code, words in STATE_LABELS.items()},
        "failures": {code.value: gettext(words) for code, words in FAILURE_LABELS.items()},
    }
    limits = {"posts": MOST_POSTS, "minutes": [LEAST_MINUTES, MOST_MINUTES]}
    usual = round(services().settings.cover_within_s / 60)
    planning = {**told, "limits": limits, "usual_minutes": usual}
    return render_template("planning/plan.html", boot={**boot("plan"), "planning": planning})


@planning_pages.get("/plan/studies/<int:study_id>/report", needs=PLANS)
def report(study_id: int) -> Response:
    """Show the report of a study."""
    path = services().studies.file(actor(), study_id, _REPORT)
    return _private(send_file(path, mimetype="text/html", etag=False))


@planning_pages.get("/plan/studies/<int:study_id>/files/<name>", needs=PLANS)
def file(study_id: int, name: str) -> Response:
    """Hand out a file of a study; ``study.zip`` holds all of them."""
    path = services().studies.file(actor(), study_id, name)
    saved_as = f"study-{study_id}-{name}"
    return _private(send_file(path, as_attachment=True, download_name=saved_as, etag=False))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
