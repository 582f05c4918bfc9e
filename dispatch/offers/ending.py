"""What ends an offer without anybody accepting: its deadline, and what becomes of its incident."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.offers import offer_rows
from dispatch.offers.states import EndedBy
from dispatch.offers.states import OfferState
from dispatch.writes import row_locks

_ENDS = {
    EventKind.ASSIGNMENT_OFFERED: EndedBy.CREW_SENT,
    EventKind.ASSIGNMENT_MOVED: EndedBy.CREW_SENT,
    EventKind.INCIDENT_CLOSED: EndedBy.INCIDENT_CLOSED,
    EventKind.INCIDENT_CANCELLED: EndedBy.INCIDENT_CANCELLED,
    EventKind.INCIDENT_MERGED: EndedBy.INCIDENT_MERGED,
}


class OfferFollower:
    """Ends the open offer of an incident that gets a crew otherwise, or is over.

    Accepting an offer makes an order too; by then the offer is no longer open.
    """

    kinds = frozenset(_ENDS)

    def follow(self, session: Session, happened: Happened) -> None:
        """End the incident's open offer, if it has one."""
        if happened.incident_id is None:
            return
        offer = offer_rows.open_offer(session, happened.incident_id)
        if offer is None:
            return
        ended_by = _ENDS[happened.kind]
        offer_rows.end(session, offer, OfferState.ENDED, happened.at, ended_by=ended_by.value)
        offer_rows.tell(session, offer, happened.actor, happened.at, ended_by=ended_by.value)


class OfferExpiry(PlainHandler):
    """Ends an offer that nobody accepted in time."""

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,  # noqa: ARG002  (locked is enough)
        prepared: object,  # noqa: ARG002  (nothing)
        now: datetime,
    ) -> None:
        """End it and tell the desk and the crews, unless it has ended otherwise."""
        offer = offer_rows.locked(session, due.data["offer_id"])
        if offer.state != OfferState.OPEN:
            return
        offer_rows.end(session, offer, OfferState.EXPIRED, now)
        offer_rows.tell(session, offer, SYSTEM, now)
