"""States of incidents and crews after each event, folded from the log. Pure.

The log is folded as it was written, by the instant at which each event was stored: what one sees is
what the desk could see then. A phone that told later what had happened earlier moves nothing; its
own time stands beside the event.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any
from typing import Generic
from typing import TypeVar

from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import TRANSITIONS
from dispatch.assignments.states import AssignmentState
from dispatch.crews.states import crew_state
from dispatch.events.kinds import EventKind
from dispatch.incidents.states import DECIDED_BY
from dispatch.incidents.states import IncidentState
from dispatch.incidents.states import incident_state
from dispatch.outcomes.states import Effect
from dispatch.outcomes.states import decided_effect
from dispatch.replay.types import CrewMoment
from dispatch.replay.types import IncidentMoment
from dispatch.replay.types import PastIncident

# By the stored names: a log may hold kinds of an earlier release.
_TARGETS: dict[str, AssignmentState] = {
    **{each.event: each.target for each in TRANSITIONS.values()},
    EventKind.ASSIGNMENT_OFFERED: AssignmentState.OFFERED,
    EventKind.ASSIGNMENT_EXPIRED: AssignmentState.EXPIRED,
}
_STEPS = _TARGETS.keys() | {EventKind.ASSIGNMENT_INTERRUPTED}
_DECIDED: dict[str, IncidentState] = {kind: state for state, kind in DECIDED_BY.items()}
_MERGES = {
    EventKind.INCIDENT_MERGED,
    EventKind.INCIDENT_UNMERGED,
    EventKind.INCIDENT_PARTED,
    EventKind.ASSIGNMENT_MOVED,
}
_KNOWN = ("kind", "priority", "lon", "lat", "address")
Moment = TypeVar("Moment", IncidentMoment, CrewMoment)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The parts of an event that states are derived from."""

    id: int
    kind: str
    at: datetime
    assignment_id: int | None
    crew_id: int | None
    incident_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frame(Generic[Moment]):
    """What was so from an instant on, and after which event; None for the beginning."""

    at: datetime
    event_id: int | None
    value: Moment


@dataclass(slots=True)
class _Incident:
    known: dict[str, Any]
    decided: IncidentState | None = None
    orders: dict[int, tuple[int, AssignmentState]] = field(default_factory=dict)
    earlier: dict[int, tuple[int, AssignmentState]] = field(default_factory=dict)
    ends: list[tuple[Effect, bool]] = field(default_factory=list)
    """What each end meant, and whether it could end the incident."""

    def hear(self, event: LogEntry) -> None:
        """Take an event in."""
        if event.kind in {EventKind.INCIDENT_CREATED, EventKind.INCIDENT_UPDATED}:
            self.known |= {name: event.data[name] for name in _KNOWN if name in event.data}
        elif event.kind in _MERGES:
            self.hear_of_merge(event)
        elif event.kind == EventKind.INCIDENT_REOPENED:
            self.decided = None
            self.earlier |= self.orders  # none of them is alive: they stay as they are
            self.orders, self.ends = {}, []
        elif event.kind == EventKind.INCIDENT_NOT_DONE:
            self.ends.append((Effect.NOT_DONE, True))
        elif event.kind in _DECIDED:
            self.decided = _DECIDED[event.kind]
        elif event.kind in _STEPS and event.assignment_id is not None:
            self.orders[event.assignment_id] = (event.crew_id or 0, _target(event))
            if event.kind == EventKind.ASSIGNMENT_COMPLETED:
                self.ends.append((_effect(event.data), event.data.get("decisive") is not False))

    def hear_of_merge(self, event: LogEntry) -> None:
        """Take in that it was merged or taken out again, or that an order moved here or away."""
        if event.kind == EventKind.INCIDENT_MERGED:
            self.decided = IncidentState.MERGED
        elif event.kind == EventKind.INCIDENT_UNMERGED:
            self.decided = None
        elif event.assignment_id is not None:
            state = AssignmentState(event.data["state"])
            self.orders[event.assignment_id] = (event.crew_id or 0, state)
        for order in event.data.get("orders_moved", ()):
            self.orders.pop(order, None)

    def value(self) -> IncidentMoment:
        """Return what it is now."""
        effect = decided_effect(self.ends)
        states = (order_state for _, order_state in self.orders.values())
        state = self.decided or incident_state(states, effect)
        orders = {**self.earlier, **self.orders}
        return {
            "kind": self.known["kind"],
            "priority": self.known["priority"],
            "lon": self.known["lon"],
            "lat": self.known["lat"],
            "address": self.known["address"],
            "state": state.value,
            "outcome_effect": effect,
            "orders": [
                {"assignment_id": order, "crew_id": crew_id, "state": order_state.value}
                for order, (crew_id, order_state) in sorted(orders.items())
            ],
        }


def _effect(data: Mapping[str, Any]) -> Effect:
    """Return what the end of an order meant.

    Before outcomes had a meaning, whatever ended was resolved, and that is what the desk could see
    then; only that a repair was to follow can be said of it.
    """
    said = data.get("outcome_effect")
    if said in {each.value for each in Effect}:
        return Effect(said)
    return Effect.FOLLOW_UP if data.get("result") == "made_safe" else Effect.DONE


def _target(event: LogEntry) -> AssignmentState:
    """Return what an order is after a step; interrupted, it is accepted if it had been."""
    if event.kind != EventKind.ASSIGNMENT_INTERRUPTED:
        return _TARGETS[event.kind]
    offered = event.data.get("was") == AssignmentState.OFFERED
    return AssignmentState.OFFERED if offered else AssignmentState.ACCEPTED


def incident_frames(events: Iterable[LogEntry], known: PastIncident) -> list[Frame[IncidentMoment]]:
    """Return what an incident was after each of its events that changed anything.

    Parameters
    ----------
    events
        All of the incident, from its first on, in the order of the log.
    known
        What the log of older incidents does not say: kind, priority, place and address of today.
    """
    incident = _Incident({name: known.get(name) for name in _KNOWN})
    frames: list[Frame[IncidentMoment]] = []
    for event in events:
        incident.hear(event)
        _append(frames, event, incident.value())
    return frames


@dataclass(slots=True)
class _Crew:
    duty: str
    queue: list[list[Any]] = field(default_factory=list)

    def hear(self, event: LogEntry) -> None:
        """Take an event in; of orders that are not known nothing is told."""
        if event.kind == EventKind.CREW_DUTY_CHANGED:
            self.duty = str(event.data["to"])
        elif event.kind == EventKind.ASSIGNMENT_OFFERED:
            order = [event.assignment_id, event.incident_id, AssignmentState.OFFERED]
            first = event.data.get("rank") == 0  # what was there before was interrupted for it
            self.queue.insert(0 if first else len(self.queue), order)
        elif event.kind == EventKind.ASSIGNMENT_MOVED:
            for order in [each for each in self.queue if each[0] == event.assignment_id]:
                order[1] = event.incident_id
        elif event.kind in _STEPS:
            target = _target(event)
            for order in [each for each in self.queue if each[0] == event.assignment_id]:
                order[2] = target
                if target not in LIVE_STATES:
                    self.queue.remove(order)

    def value(self) -> CrewMoment:
        """Return what it is now."""
        assignment_id, incident_id, state = self.queue[0] if self.queue else (None, None, None)
        return {
            "duty": self.duty,
            "state": str(crew_state(self.duty, state)),
            "assignment_id": assignment_id,
            "incident_id": incident_id,
            "waiting": max(len(self.queue) - 1, 0),
        }


def crew_frames(events: Iterable[LogEntry], duty: str, since: datetime) -> list[Frame[CrewMoment]]:
    """Return what a crew was in a period: at its beginning, and after each event in it.

    Parameters
    ----------
    events
        In the order of the log: what happened before the period to the orders that were still
        alive when it began, and all that happened to the crew in it.
    duty
        When the period began.
    since
        When the period begins.
    """
    crew = _Crew(duty)
    frames: list[Frame[CrewMoment]] = []
    begun: Frame[CrewMoment] | None = None
    for event in events:
        if begun is None and event.at > since:
            begun = Frame(since, None, crew.value())
            frames.append(begun)
        crew.hear(event)
        if begun is not None:
            _append(frames, event, crew.value())
    return frames or [Frame(since, None, crew.value())]


def _append(frames: list[Frame[Moment]], event: LogEntry, value: Moment) -> None:
    """Add a frame if something is different; time never goes back, whatever two clocks say."""
    if frames and frames[-1].value == value:
        return
    at = max(event.at, frames[-1].at) if frames else event.at
    frames.append(Frame(at, event.id, value))
