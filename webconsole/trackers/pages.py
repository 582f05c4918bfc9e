"""The board of trackers."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask_babel import gettext

from dispatch.access.permissions import Permission
from dispatch.trackers.states import PROTOCOL_LABELS
from dispatch.trackers.states import REFUSAL_LABELS
from dispatch.trackers.states import TROUBLE_LABELS
from webconsole.board.pages import boot
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import Pages

tracker_pages = Pages("tracker_pages", __name__)


@tracker_pages.get("/trackers", needs=(Permission.CREW_READ,))
def board() -> str:
    """Show how each tracker is; who keeps devices adds and revokes them here."""
    asking = actor()
    asking.require(Permission.CREW_READ)
    told: dict[str, Any] = {
        "may_keep": asking.may(Permission.DEVICE_WRITE),
        "may_test": asking.may(Permission.ASSIGNMENT_SEND) or asking.may(Permission.DEVICE_WRITE),
        "may_see_to": asking.may(Permission.ASSIGNMENT_SEND),
        "protocols": _said(PROTOCOL_LABELS),
        "troubles": _said(TROUBLE_LABELS),
        "refusals": _said(REFUSAL_LABELS),
    }
    if told["may_keep"]:
        told["crews"] = [
            {"id": each["id"], "name": each["name"]}
            for each in services().crews.list(asking)["crews"]
            if each["retired_at"] is None
        ]
    return render_template("trackers/trackers.html", boot=boot("trackers") | told)


def _said(labels: Mapping[Any, str]) -> dict[str, str]:
    """Return labels in the language of the page."""
    return {str(code): gettext(label) for code, label in labels.items()}
