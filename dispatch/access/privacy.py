"""Redaction of personal data: callers' names and telephones, other crews' activity.

The desk sees everything; those of it who may not see callers' numbers see them hidden
(`caller_numbers`). A crew sees an incident it was sent to, and of the other crews there no
more than that they are there. Only while its own order is alive it sees the caller too, and what
the desk wrote of the incident (its description, reports and photos, messages to all crews there),
for words can name the caller. Notes are the desk's own: what a crew is to know is sent to it.
"""

from typing import Final

from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.caller_numbers import numbers_hidden
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.types import StreamedEventAnswer
from dispatch.incidents.types import IncidentAnswer

CALLER: Final = ("caller_name", "caller_phone", "description")
"""The fields of an incident that its caller can be known by."""
_OWN_ONLY: Final = (
    "reason",
    "result",
    "outcome",
    "outcome_effect",
    "outcome_name_en",
    "outcome_name_zh",
)
_WRITTEN = ("text", "caption")
_DESKS_OWN: Final = frozenset(
    {"incident.noted", "clock.paused", "clock.resumed", "clock.cause_given"}
)
"""Kinds of events whose words are the desk's own."""


def incident_for(actor: Actor, incident: IncidentAnswer) -> IncidentAnswer:
    """Return an incident as an actor may see it."""
    if actor.may(Permission.INCIDENT_READ):
        return incident if may_see_numbers(actor) else numbers_hidden(incident)
    seen: IncidentAnswer = {
        **incident,
        "assignments": [
            each if each["crew_id"] == actor.crew_id else _of_other_crew(each)
            for each in incident["assignments"]
        ],
        "messages_count": 0,
        "unread_from_crews": 0,
        "acknowledgements": [],
        "clocks": [{**each, "cause": None} for each in incident["clocks"]],
        "offer": None,
    }
    if not _on_it(actor, incident):
        for name in CALLER:
            seen[name] = ""
    return seen


def _of_other_crew(assignment: AssignmentAnswer) -> AssignmentAnswer:
    return {
        **assignment,
        "reason": None,
        "result": None,
        "outcome": None,
        "outcome_effect": None,
        "outcome_name_en": None,
        "outcome_name_zh": None,
        "safety": None,
    }


def event_for(
    actor: Actor, event: StreamedEventAnswer, incident: IncidentAnswer | None = None
) -> StreamedEventAnswer:
    """Return an event of the log as an actor may see it; that it may at all is settled before.

    Parameters
    ----------
    actor
        Who reads.
    event
        Of a stream (with its incident and crew) or of a timeline (without).
    incident
        The timeline's incident; a stream's event brings its own.
    """
    if actor.may(Permission.INCIDENT_READ):
        return event if may_see_numbers(actor) else numbers_hidden(event)
    seen: StreamedEventAnswer = {**event}
    about = event.get("incident") or incident
    if "incident" in seen:
        seen["incident"] = incident_for(actor, event["incident"])
    hidden: set[str] = set()
    if about is not None and not _on_it(actor, about):
        hidden.update(CALLER)
        if event["crew_id"] is None:
            hidden.update(_WRITTEN)
    if event["kind"] in _DESKS_OWN and event["crew_id"] is None:
        hidden.update(_WRITTEN)
    if event["kind"].startswith("clock."):
        hidden.add("cause")
    if event["crew_id"] not in {None, actor.crew_id}:
        seen.pop("crew", None)
        hidden.update((*_OWN_ONLY, *_WRITTEN, "lonlat"))
    seen["data"] = {name: value for name, value in event["data"].items() if name not in hidden}
    return seen


def _on_it(actor: Actor, incident: IncidentAnswer) -> bool:
    """Tell whether the actor's crew has a live order for an incident."""
    return any(
        each["crew_id"] == actor.crew_id and not each["ended_at"]
        for each in incident["assignments"]
    )
