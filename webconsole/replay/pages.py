"""The pages that play the past: of an incident, of a crew, of the whole board; or a simulation."""

from flask import render_template

from dispatch.access.permissions import Permission
from webconsole.board import pages
from webconsole.platform.context import actor
from webconsole.platform.route_rights import Pages

replays = Pages("replays", __name__)


@replays.get("/replay", needs=(Permission.REPLAY_READ,))
def board() -> str:
    """Play everything that happened in a period, given as ``?from=`` and ``to=``."""
    actor().require(Permission.REPLAY_READ)
    return _page("board", None)


@replays.get("/replay/file", needs=(Permission.REPLAY_READ,))
def trace_file() -> str:
    """Play a simulated period from a file, which the browser reads."""
    actor().require(Permission.REPLAY_READ)
    return _page("file", None)


@replays.get("/replay/incident/<int:incident_id>", needs=(Permission.REPLAY_READ,))
def incident(incident_id: int) -> str:
    """Play one incident."""
    actor().require(Permission.REPLAY_READ)
    return _page("incident", incident_id)


@replays.get(
    "/replay/crew/<int:crew_id>", needs=(Permission.REPLAY_READ, Permission.ASSIGNMENT_ACT_OWN)
)
def crew(crew_id: int) -> str:
    """Play a period of one crew; a crew may see its own."""
    asking = actor()
    if asking.crew_id != crew_id:
        asking.require(Permission.REPLAY_READ)
    return _page("crew", crew_id)


def _page(kind: str, number: int | None) -> str:
    return render_template(
        "replay/replay.html", boot={**pages.boot("replay"), "replay": [kind, number]}
    )
