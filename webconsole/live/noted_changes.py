"""A change as it is told, with callers' numbers noted as read, or hidden."""

from functools import cached_property

from dispatch.access.permissions import Actor
from dispatch.audit.readings import ReadingLog
from dispatch.board.types import StreamedEventAnswer
from webconsole.live.stream_messages import Message
from webconsole.live.stream_messages import change
from webconsole.platform.caller_numbers import incidents_in
from webconsole.platform.caller_numbers import without_numbers


class SharedChange:
    """One change for many readers: written once, and once more without callers' numbers."""

    def __init__(self, readings: ReadingLog, event: StreamedEventAnswer) -> None:
        self._readings = readings
        self._message = change(event)
        # Of the incident and of what its event says; nothing else in an event has a caller.
        self._incidents = incidents_in(
            {"incident_id": event["incident_id"], "of": [event.get("incident"), event["data"]]}
        )

    def told(self, actor: Actor) -> Message:
        """Return the change as one reader may see it."""
        if not self._incidents:
            return self._message
        if self._readings.note(actor, self._incidents, listed=True, counts=False):
            return self._message
        return self._masked

    @cached_property
    def _masked(self) -> Message:
        return Message(without_numbers(self._message.plain))
