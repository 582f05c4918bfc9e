"""Crews on duty that are not heard of any more, and how long they may be."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.silence.types import SeeSilence
from dispatch.silence.types import SetSilenceLimit
from dispatch.silence.types import SilenceLimitAnswer
from dispatch.silence.types import SilenceLimitsAnswer
from dispatch.silence.types import SilentCrewAnswer
from dispatch.silence.types import SilentCrewsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

silence = Area("silence", __name__, url_prefix="/api/v1", tag="Silent crews")
RULES = (Permission.RULES_WRITE,)


@silence.get("/silent-crews", needs=(Permission.CREW_READ,))
@silence.output(described(SilentCrewsAnswer))
def silent_crews() -> Response:
    """List crews that are on duty and not heard for longer than they may be."""
    return answer(services().silence.silent(actor()))


@silence.post("/silent-crews/<int:crew_id>/see", needs=(Permission.ASSIGNMENT_SEND,))
@silence.input(SeeSilence, arg_name="body")
@silence.output(described(SilentCrewAnswer))
def see_silence(crew_id: int, body: SeeSilence) -> Response:  # noqa: ARG001  (it is empty)
    """See to a silent crew: no supervisor is told; it ends by itself when the crew is heard."""
    return answer(services().silence.see(actor(), crew_id))


@silence.get("/silence-limits", needs=(Permission.CREW_READ,))
@silence.output(described(SilenceLimitsAnswer))
def silence_limits() -> Response:
    """List how long crews may be unheard: of units and crews, and of all others."""
    return answer(services().silence.limits(actor()))


@silence.put("/silence-limits", needs=RULES)
@silence.input(SetSilenceLimit, arg_name="body")
@silence.output(described(SilenceLimitAnswer))
def set_silence_limit(body: SetSilenceLimit) -> Response:
    """Set how long the crews of a unit, or one crew, may be unheard."""
    return answer(services().silence.set_limit(actor(), body))


@silence.delete("/silence-limits/<int:limit_id>", needs=RULES)
@silence.output({}, 204)
def remove_silence_limit(limit_id: int) -> Response:
    """Have what is set above hold again."""
    services().silence.remove_limit(actor(), limit_id)
    return Response(status=204)
