"""The conversation about an incident: what desk and crews say to each other."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.messages.types import MessageAnswer
from dispatch.messages.types import MessagesAnswer
from dispatch.messages.types import MessagesReadAnswer
from dispatch.messages.types import ReadMessages
from dispatch.messages.types import SendMessage
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

messages = Area("messages", __name__, url_prefix="/api/v1/incidents", tag="Messages")
_MAY_WRITE = (Permission.INCIDENT_WRITE, Permission.ASSIGNMENT_ACT_OWN)


@messages.get("/<int:incident_id>/messages", needs=ORDERS_SEEN)
@messages.output(described(MessagesAnswer))
def list_messages(incident_id: int) -> Response:
    """List the conversation, oldest first, each message with who has read it.

    A crew sees what it wrote, what was written to it alone and, while its order is alive, what the
    desk wrote to all crews there since its order came.
    """
    return answer(services().messages.list(actor(), incident_id))


@messages.post("/<int:incident_id>/messages", needs=_MAY_WRITE)
@messages.input(SendMessage, arg_name="body")
@messages.output(described(MessageAnswer), 201)
@messages.doc(responses={409: "idempotency_mismatch", 429: "rate_limited"})
def send_message(incident_id: int, body: SendMessage) -> Response:
    """Say something to the other side; a crew may until a day after its order ended."""
    message, replayed = services().messages.send(actor(), incident_id, body)
    return answer(message, 201, replayed=replayed)


@messages.post("/<int:incident_id>/messages/read", needs=_MAY_WRITE)
@messages.input(ReadMessages, arg_name="body")
@messages.output(described(MessagesReadAnswer))
def read_messages(incident_id: int, body: ReadMessages) -> Response:
    """Mark everything up to a message as read, for the whole desk or for the crew."""
    return answer(services().messages.mark_read(actor(), incident_id, body))
