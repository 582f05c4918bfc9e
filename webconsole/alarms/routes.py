"""Alarms acknowledged."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.alarms.types import AcknowledgeAlarm
from dispatch.alarms.types import AcknowledgementAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

alarms = Area("alarms", __name__, url_prefix="/api/v1/incidents", tag="Alarms")


@alarms.post("/<int:incident_id>/acknowledgements", needs=(Permission.ASSIGNMENT_SEND,))
@alarms.input(AcknowledgeAlarm, arg_name="body")
@alarms.output(described(AcknowledgementAnswer), 201)
@alarms.doc(responses={409: "no_alarm or idempotency_mismatch"})
def acknowledge_alarm(incident_id: int, body: AcknowledgeAlarm) -> Response:
    """Acknowledge an alarm: silent at every desk until the time that is answered."""
    acknowledged, replayed = services().alarms.acknowledge(actor(), incident_id, body)
    return answer(acknowledged, 201, replayed=replayed)
