"""What follows for deliveries from what happened to orders and accounts, in its transaction."""

from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dispatch.assignments import mark_rows
from dispatch.assignments.mark_rows import Reached
from dispatch.assignments.states import Mark
from dispatch.deliveries.channel_marks import refresh_reach
from dispatch.deliveries.delivery_rows import cancel_waiting
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.states import DeliveryState
from dispatch.deliveries.states import Purpose
from dispatch.events.followers import Happened
from dispatch.events.kinds import END_SIGN_INS
from dispatch.events.kinds import EventKind

_ABOUT_AN_ANSWER: Final = frozenset({Purpose.ORDER, Purpose.REMIND, Purpose.SUPERVISOR})
_TELLS_THE_ORDER: Final = frozenset({Purpose.ORDER, Purpose.REMIND})
_MARKS: Final = {
    DeliveryState.SENT: Mark.QUEUED,
    DeliveryState.DELIVERED: Mark.DELIVERED,
    DeliveryState.RANG: Mark.RANG,
    DeliveryState.SEEN: Mark.SEEN,
    DeliveryState.ANSWERED: Mark.SEEN,
}
_ENDS: Final = frozenset({Purpose.CHECK_IN})


class OrderFollower:
    """Cancels what is queued about an order that was answered, taken back or moved on."""

    kinds = frozenset(
        {
            EventKind.ASSIGNMENT_ACCEPTED,
            EventKind.ASSIGNMENT_DECLINED,
            EventKind.ASSIGNMENT_EXPIRED,
            EventKind.ASSIGNMENT_DEPARTED,
            EventKind.ASSIGNMENT_ARRIVED,
            EventKind.ASSIGNMENT_COMPLETED,
            EventKind.ASSIGNMENT_WITHDRAWN,
        }
    )

    def follow(self, session: Session, happened: Happened) -> None:
        """Cancel what no longer holds; what is being sent is looked at once more before it goes."""
        purposes = set(_ABOUT_AN_ANSWER)
        if happened.kind in {EventKind.ASSIGNMENT_DECLINED, EventKind.ASSIGNMENT_EXPIRED}:
            purposes.discard(Purpose.SUPERVISOR)  # nobody goes there yet
        if happened.kind in {EventKind.ASSIGNMENT_COMPLETED, EventKind.ASSIGNMENT_WITHDRAWN}:
            purposes |= _ENDS
        cancel_waiting(
            session,
            happened.at,
            assignment_id=happened.assignment_id,
            purposes=[each.value for each in purposes],
        )


class AccountFollower:
    """Ends the pushes to browsers of an account whose sign-ins end: the phone may be lost."""

    kinds = END_SIGN_INS

    def follow(self, session: Session, happened: Happened) -> None:
        """Forget its browsers; the same phone may take pushes again once it is signed in."""
        ids = happened.data.get("account_ids") or [happened.data["account_id"]]
        mine = PushSubscription.account_id.in_(ids)
        statement = delete(PushSubscription).where(mine).returning(PushSubscription.crew_id)
        for crew_id in sorted(set(session.scalars(statement))):
            refresh_reach(session, crew_id)


class MarkFollower:
    """Marks on orders how far they got outside the page, by the name of the way."""

    kinds = frozenset(
        {EventKind.DELIVERY_SENT, EventKind.DELIVERY_REACHED, EventKind.DELIVERY_ANSWERED}
    )

    def follow(self, session: Session, happened: Happened) -> None:
        """Write the mark; the event of the delivery tells of it."""
        told = happened.data
        if happened.assignment_id is None or told["purpose"] not in _TELLS_THE_ORDER:
            return
        reached = Reached(_MARKS[told["state"]], happened.at)
        mark_rows.add(session, happened.assignment_id, told["way"], [reached])
