"""What was driven for an order, and observed speeds beside the present factors."""

from typing import Annotated

from flask import Response
from pydantic import BaseModel
from pydantic import Field

from dispatch.access.permissions import Permission
from dispatch.driven_tracks.types import DrivenTrackAnswer
from dispatch.driven_tracks.types import ObservedSpeedsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

driven_tracks = Area("driven_tracks", __name__, url_prefix="/api/v1", tag="Driven tracks")


class SpeedsQuery(BaseModel):
    """Of how many days."""

    days: Annotated[int, Field(ge=1, le=3_650)] = 90


@driven_tracks.get("/assignments/<int:assignment_id>/driven-track", needs=(Permission.REPLAY_READ,))
@driven_tracks.output(described(DrivenTrackAnswer))
def driven_track(assignment_id: int) -> Response:
    """Get what was driven for an order that has ended, matched to streets.

    It is made some quarter of an hour after the order's end.
    """
    return answer(services().driven_tracks.of_order(actor(), assignment_id))


@driven_tracks.get("/observed-speeds", needs=(Permission.SETTING_WRITE,))
@driven_tracks.input(SpeedsQuery, location="query", arg_name="query")
@driven_tracks.output(described(ObservedSpeedsAnswer))
def observed_speeds(query: SpeedsQuery) -> Response:
    """List how quickly roads were driven, by class and hours, beside the factors in use."""
    return answer(services().driven_tracks.speeds(actor(), query.days))
