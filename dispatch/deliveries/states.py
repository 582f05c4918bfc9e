"""Deliveries: what they are for, how they go, where they stand, why they fail. Pure rules."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_


class Purpose(StrEnum):
    """What somebody is told."""

    ORDER = "order"
    REMIND = "remind"
    OFFER = "offer"
    NOTICE = "notice"
    CHECK_IN = "check_in"
    SUPERVISOR = "supervisor"
    TEST = "test"


class DeliveryChannel(StrEnum):
    """By which way."""

    PAGE = "page"
    """The crew's page, which is open."""
    PUSH = "push"
    """Web Push, through the service of the browser's maker."""
    GATEWAY = "gateway"
    """A gateway of the utility's own."""
    NONE = "none"
    """There was none: kept so that it can be seen."""


class DeliveryState(StrEnum):
    """How far it has come; each is later than the ones before it."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    RANG = "rang"
    SEEN = "seen"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Reply(StrEnum):
    """What somebody answered to a delivery."""

    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Failure(StrEnum):
    """Why a delivery failed."""

    NO_CHANNEL = "no_channel"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    """The other side took it for wrong (4xx): it would refuse it again."""
    OVERLOADED = "overloaded"
    """429 or 503: later."""
    BROKEN = "broken"
    """Any other answer that is no success."""
    GONE = "gone"
    """The phone's subscription has ended."""
    REMOVED = "removed"
    """The gateway or the address was removed or switched off meanwhile."""
    TOO_LATE = "too_late"
    """It waited so long that it would ring for something old."""
    NOT_DELIVERED = "not_delivered"
    """The gateway took it and says that it could not pass it on."""


PURPOSE_LABELS: Final = {
    Purpose.ORDER: N_("Order"),
    Purpose.REMIND: N_("Reminder"),
    Purpose.OFFER: N_("Offer"),
    Purpose.NOTICE: N_("Notice"),
    Purpose.CHECK_IN: N_("Check-in"),
    Purpose.SUPERVISOR: N_("Supervisor called"),
    Purpose.TEST: N_("Test ring"),
}
CHANNEL_LABELS: Final = {
    DeliveryChannel.PAGE: N_("Crew page"),
    DeliveryChannel.PUSH: N_("Web Push"),
    DeliveryChannel.GATEWAY: N_("Gateway"),
    DeliveryChannel.NONE: N_("No channel"),
}
DELIVERY_STATE_LABELS: Final = {
    DeliveryState.QUEUED: N_("Waits to be sent"),
    DeliveryState.SENT: N_("Handed over"),
    DeliveryState.DELIVERED: N_("Delivered"),
    DeliveryState.RANG: N_("Rang"),
    DeliveryState.SEEN: N_("Seen"),
    DeliveryState.ANSWERED: N_("Answered"),
    DeliveryState.FAILED: N_("Failed"),
    DeliveryState.CANCELLED: N_("No longer needed"),
}
FAILURE_LABELS: Final = {
    Failure.NO_CHANNEL: N_("no channel is set up"),
    Failure.TIMED_OUT: N_("no answer in time"),
    Failure.UNREACHABLE: N_("could not be connected"),
    Failure.REDIRECTED: N_("redirected, which is not followed"),
    Failure.REFUSED: N_("refused by the other side"),
    Failure.OVERLOADED: N_("the other side is overloaded"),
    Failure.BROKEN: N_("the other side failed"),
    Failure.GONE: N_("the phone's subscription has ended"),
    Failure.REMOVED: N_("gateway or address removed"),
    Failure.TOO_LATE: N_("too old to be sent"),
    Failure.NOT_DELIVERED: N_("could not be passed on"),
}

REACHED_STATES: Final = (
    DeliveryState.DELIVERED,
    DeliveryState.RANG,
    DeliveryState.SEEN,
    DeliveryState.ANSWERED,
)
"""It has reached a device or a person, the least first."""
AGAIN: Final = frozenset(
    {Failure.TIMED_OUT, Failure.UNREACHABLE, Failure.OVERLOADED, Failure.BROKEN}
)
"""Failures that may pass: it is tried again."""
TRIED_AGAIN_AFTER: Final = (timedelta(seconds=2), timedelta(seconds=8))
"""How long after each failed attempt; after the last one the next channel is taken."""
STALE_AFTER: Final = timedelta(minutes=15)
"""A delivery that could not be sent for so long never rings: its cause is old."""
_ABOUT_AN_ANSWER: Final = frozenset({Purpose.ORDER, Purpose.REMIND, Purpose.OFFER})
_NOBODY_GOES: Final = frozenset(
    {AssignmentState.OFFERED, AssignmentState.EXPIRED, AssignmentState.DECLINED}
)


def still_needed(purpose: Purpose, asked_in: str | None, state: str | None) -> bool:
    """Return whether a delivery about an order still holds.

    An order that was answered must never ring later, on no channel.

    Parameters
    ----------
    purpose
        What the delivery is for.
    asked_in
        The order's state when the delivery was asked for; None when it is about no order.
    state
        The order's state now.
    """
    if asked_in is None or state is None or asked_in == state:
        return True
    if purpose in _ABOUT_AN_ANSWER:
        return False
    if purpose is Purpose.SUPERVISOR:
        return state in _NOBODY_GOES
    if purpose is Purpose.CHECK_IN:
        return state == AssignmentState.ON_SCENE
    return True


def further(state: DeliveryState, reported: DeliveryState) -> bool:
    """Return whether a report moves a delivery on: reports may come late and out of order.

    What was given up may have arrived all the same: the answer of a gateway was lost, not the SMS.
    """
    if reported is DeliveryState.FAILED:
        return state in {DeliveryState.QUEUED, DeliveryState.SENT}
    return _rank(reported) > _rank(state)


def _rank(state: DeliveryState) -> int:
    if state in REACHED_STATES:
        return 1 + REACHED_STATES.index(state)
    return -1 if state is DeliveryState.QUEUED else 0
