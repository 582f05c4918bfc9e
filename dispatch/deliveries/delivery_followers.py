"""What follows for deliveries from what happened to orders and accounts, in its transaction."""

from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dispatch.deliveries.channel_marks import refresh_reach
from dispatch.deliveries.delivery_rows import cancel_waiting
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.states import Purpose
from dispatch.events.followers import Happened
from dispatch.events.kinds import END_SIGN_INS
from dispatch.events.kinds import EventKind

_ABOUT_AN_ANSWER: Final = frozenset({Purpose.ORDER, Purpose.REMIND, Purpose.SUPERVISOR})
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
        mine = PushSubscription.account_id == happened.data["account_id"]
        statement = delete(PushSubscription).where(mine).returning(PushSubscription.crew_id)
        for crew_id in sorted(set(session.scalars(statement))):
            refresh_reach(session, crew_id)
