"""Who may know what of other people: callers' names and telephones, other crews' doings.

The desk sees everything. A crew sees an incident it was sent to, and of the other crews there no
more than that they are there. Only while its own order is alive it sees the caller too, and what
the desk wrote down of the incident (its description, reports, notes and photos), for words can name
the caller.
"""

from collections.abc import Mapping
from typing import Any

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission

CALLER = ("caller_name", "caller_phone", "description")
"""What of an incident tells of its caller."""
_OWN_ONLY = ("reason", "result")
_WRITTEN = ("text", "caption")


def incident_for(actor: Actor, incident: Mapping[str, Any]) -> dict[str, Any]:
    """Return an incident as an actor may see it."""
    if actor.may(Permission.INCIDENT_READ):
        return dict(incident)
    seen = dict(incident)
    if not _on_it(actor, incident):
        seen.update(dict.fromkeys(CALLER, ""))
    seen["assignments"] = [
        each if each["crew_id"] == actor.crew_id else {**each, **dict.fromkeys(_OWN_ONLY)}
        for each in incident["assignments"]
    ]
    return seen


def event_for(
    actor: Actor, event: Mapping[str, Any], incident: Mapping[str, Any] | None = None
) -> dict[str, Any]:
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
        return dict(event)
    seen = dict(event)
    about = event.get("incident") or incident
    if "incident" in seen:
        seen["incident"] = incident_for(actor, event["incident"])
    hidden: set[str] = set()
    if about is not None and not _on_it(actor, about):
        hidden.update(CALLER)
        if event["crew_id"] is None:
            hidden.update(_WRITTEN)
    if event["crew_id"] not in {None, actor.crew_id}:
        seen.pop("crew", None)
        hidden.update((*_OWN_ONLY, *_WRITTEN, "lonlat"))
    seen["data"] = {name: value for name, value in event["data"].items() if name not in hidden}
    return seen


def _on_it(actor: Actor, incident: Mapping[str, Any]) -> bool:
    """Tell whether the actor's crew has a live order for an incident."""
    return any(
        each["crew_id"] == actor.crew_id and not each["ended_at"]
        for each in incident["assignments"]
    )
