"""Ends a move-up in the transaction that makes it pointless: the crew is sent, or goes off duty."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.cover.models import MoveUp
from dispatch.cover.moveups import end
from dispatch.cover.states import MoveUpEnd
from dispatch.crews.states import Duty
from dispatch.events import log as events
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind


class EndsMoveUps:
    """Follows sends and ends of duty; the crew's row is locked by whoever causes them."""

    kinds = frozenset({EventKind.ASSIGNMENT_OFFERED, EventKind.CREW_DUTY_CHANGED})

    def follow(self, session: Session, happened: Happened) -> None:
        """End the crew's move-up, if it has one."""
        how = MoveUpEnd.SENT
        if happened.kind is EventKind.CREW_DUTY_CHANGED:
            if happened.data.get("to") == Duty.ON_DUTY:
                return
            how = MoveUpEnd.OFF_DUTY
        alive = (MoveUp.crew_id == happened.crew_id, MoveUp.ended_at.is_(None))
        found = session.scalar(select(MoveUp).where(*alive).with_for_update())
        if found is None:
            return
        end(session, found, how, happened.actor, happened.at)
        events.append(
            session,
            EventKind.MOVE_UP_ENDED,
            happened.actor,
            at=happened.at,
            crew_id=found.crew_id,
            data={"move_up_id": found.id, "place": found.place, "how": how.value},
        )
