"""Kinds of alarms: what each is about, and for how long it may be silent. Pure rules.

A further kind is a member, its facts below, and a line in `static/js/notifications/alarm_kinds.js`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.incidents.states import IncidentState


class AlarmKind(StrEnum):
    """What a dispatcher has to see to."""

    UNANSWERED = "unanswered"
    NOT_SET_OUT = "not_set_out"
    REFUSED = "refused"
    NOT_DONE = "not_done"
    UNCONFIRMED = "unconfirmed"
    UNTAKEN = "untaken"
    """An offer to several crews ended and nobody comes of it; no order is about it."""
    SUPERVISOR = "supervisor"
    CHECK_IN_MISSED = "check_in_missed"
    HELP_WANTED = "help_wanted"
    LIMIT_EXCEEDED = "limit_exceeded"
    """A crew measured something beyond an alarm limit."""


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """What holds for a kind of alarm.

    Attributes
    ----------
    label
        A few words, where alarms are listed.
    order_states
        The states of the order that the alarm is about; none where it is about no order.
    only_while_open
        Whether it ends as soon as any crew is sent, and not only with its own order.
    """

    label: str
    order_states: frozenset[AssignmentState] = frozenset()
    only_while_open: bool = False


ALARM_FACTS: dict[AlarmKind, AlarmFacts] = {
    AlarmKind.UNANSWERED: AlarmFacts(N_("No answer"), frozenset({AssignmentState.OFFERED})),
    AlarmKind.NOT_SET_OUT: AlarmFacts(
        N_("Accepted, not set out"), frozenset({AssignmentState.ACCEPTED})
    ),
    AlarmKind.REFUSED: AlarmFacts(
        N_("Declined, nobody sent"),
        frozenset({AssignmentState.DECLINED, AssignmentState.EXPIRED}),
        only_while_open=True,
    ),
    AlarmKind.NOT_DONE: AlarmFacts(
        N_("Not done, nobody sent"), frozenset({AssignmentState.COMPLETED}), only_while_open=True
    ),
    AlarmKind.SUPERVISOR: AlarmFacts(
        N_("Supervisor: nobody goes"),
        frozenset(
            {
                AssignmentState.OFFERED,
                AssignmentState.ACCEPTED,
                AssignmentState.DECLINED,
                AssignmentState.EXPIRED,
            }
        ),
    ),
    AlarmKind.UNCONFIRMED: AlarmFacts(
        N_("Recall or change not confirmed"), LIVE_STATES | {AssignmentState.WITHDRAWN}
    ),
    AlarmKind.UNTAKEN: AlarmFacts(N_("Offered, nobody took it")),
    AlarmKind.CHECK_IN_MISSED: AlarmFacts(
        N_("Crew has not reported"), frozenset({AssignmentState.ON_SCENE})
    ),
    AlarmKind.HELP_WANTED: AlarmFacts(N_("Crew needs help"), LIVE_STATES),
    AlarmKind.LIMIT_EXCEEDED: AlarmFacts(N_("Measured beyond a limit"), LIVE_STATES),
}
ALARM_LABELS = {kind: facts.label for kind, facts in ALARM_FACTS.items()}

LEAST_PRESSING_S: Final = 3_600.0
"""For how long an acknowledgement holds where the desk may decide to leave it until later."""
_PRESSING_PRIORITY: Final = 2


def can_be(kind: AlarmKind, order_state: str, incident_state: str) -> bool:
    """Return whether there can be an alarm of a kind about an order at all.

    Whether it is due yet is read off the order: how long an answer may take is frozen into it.
    """
    facts = ALARM_FACTS[kind]
    if facts.only_while_open and incident_state != IncidentState.OPEN:
        return False
    return order_state in facts.order_states


def acknowledged_for_s(kind: AlarmKind, priority: int, shortest_s: float) -> float:
    """Return for how long an acknowledgement keeps an alarm silent, in seconds.

    A crew that has to answer, and an emergency or urgent incident to which nobody is sent, may be
    silent for the short time only. What can wait and has been seen (a crew declined a dripping
    meter at night) would otherwise sound every two minutes until the morning, and teach the desk
    to switch sounds off.

    Parameters
    ----------
    kind
        Of the alarm.
    priority
        Of the incident; 1 is the most urgent.
    shortest_s
        As set for this house.
    """
    if ALARM_FACTS[kind].only_while_open and priority > _PRESSING_PRIORITY:
        return max(shortest_s, LEAST_PRESSING_S)
    return shortest_s
