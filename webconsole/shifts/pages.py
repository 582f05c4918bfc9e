"""The week on a page, and the door of calendar programs."""

from typing import Any

from flask import Response
from flask import render_template

from dispatch.access.permissions import Permission
from webconsole.board.pages import boot
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages

shift_pages = Pages("shift_pages", __name__, url_prefix="/shifts")


@shift_pages.get("", needs=(Permission.SHIFT_READ,))
def show() -> str:
    """Show who is on duty when; who plans edits it here."""
    asking = actor()
    asking.require(Permission.SHIFT_READ)
    return render_template("shifts/shifts.html", boot=boot("shifts") | _told())


@shift_pages.get("/feed/<token>.ics", needs=ANYBODY)
def feed(token: str) -> Response:
    """Return a crew's shifts to whoever has the address: a calendar program."""
    answer = Response(services().shift_feeds.read(token), content_type="text/calendar")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = "attachment; filename=shifts.ics"
    return answer


def _told() -> dict[str, Any]:
    asking, job = actor(), services()
    crews = job.crews.list(asking)["crews"]
    return {
        "may_plan": asking.may(Permission.SHIFT_WRITE),
        "may_approve": asking.may(Permission.SHIFT_APPROVE),
        "today": job.shifts.today().isoformat(),
        "crews": [
            {"id": each["id"], "name": each["name"], "station_name": each["station_name"]}
            for each in crews
        ],
        "skills": sorted({skill for each in crews for skill in each["skills"]}),
        "stations": [
            {"id": each["id"], "name": each["name"]}
            for each in job.stations.list(asking)["stations"]
        ],
        "zones": [
            {"id": each["id"], "name": each["name"]} for each in job.zones.list(asking)["zones"]
        ],
        "calendars": [each["code"] for each in job.calendars.list(asking)["calendars"]],
    }
