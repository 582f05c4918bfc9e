"""The pages that play the past: of an incident, of a crew, of the whole board."""

from flask import Blueprint
from flask import render_template

from dispatch.access.permissions import Permission
from webconsole.board import pages
from webconsole.platform.context import actor

replays = Blueprint("replays", __name__)


@replays.get("/replay")
def board() -> str:
    """Play everything that happened in a period, given as ``?from=`` and ``to=``."""
    actor().require(Permission.INCIDENT_READ)
    return _page("board", None)


@replays.get("/replay/incident/<int:incident_id>")
def incident(incident_id: int) -> str:
    """Play one incident."""
    actor().require(Permission.INCIDENT_READ)
    return _page("incident", incident_id)


@replays.get("/replay/crew/<int:crew_id>")
def crew(crew_id: int) -> str:
    """Play a period of one crew; a crew may see its own."""
    asking = actor()
    if asking.crew_id != crew_id:
        asking.require(Permission.INCIDENT_READ)
    return _page("crew", crew_id)


def _page(kind: str, number: int | None) -> str:
    return render_template(
        "replay/replay.html", boot={**pages.boot("replay"), "replay": [kind, number]}
    )
