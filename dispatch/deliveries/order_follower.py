"""What waits to be sent about an order ends with the answer, in its own transaction."""

from typing import Final

from sqlalchemy.orm import Session

from dispatch.deliveries.delivery_rows import cancel_waiting
from dispatch.deliveries.states import Purpose
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind

_ABOUT_AN_ANSWER: Final = frozenset({Purpose.ORDER, Purpose.REMIND, Purpose.SUPERVISOR})
_ENDS: Final = frozenset({Purpose.CHECK_IN})


class OrderFollower:
    """Cancels what is queued about an order that was answered, taken back or moved on."""

    kinds = frozenset(
        {
            EventKind.ASSIGNMENT_ACCEPTED,
            EventKind.ASSIGNMENT_DECLINED,
            EventKind.ASSIGNMENT_DEPARTED,
            EventKind.ASSIGNMENT_ARRIVED,
            EventKind.ASSIGNMENT_COMPLETED,
            EventKind.ASSIGNMENT_WITHDRAWN,
        }
    )

    def follow(self, session: Session, happened: Happened) -> None:
        """Cancel what no longer holds; what is being sent is looked at once more before it goes."""
        purposes = set(_ABOUT_AN_ANSWER)
        if happened.kind is EventKind.ASSIGNMENT_DECLINED:
            purposes.discard(Purpose.SUPERVISOR)  # nobody goes there yet
        if happened.kind in {EventKind.ASSIGNMENT_COMPLETED, EventKind.ASSIGNMENT_WITHDRAWN}:
            purposes |= _ENDS
        cancel_waiting(
            session,
            happened.at,
            assignment_id=happened.assignment_id,
            purposes=[each.value for each in purposes],
        )
