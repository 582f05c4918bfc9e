"""What a step asks of the channels; on an open page an order rings by its event alone."""

from datetime import datetime
from typing import Final
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.escalation.models import OrderChain
from dispatch.escalation.states import Waiting
from dispatch.reach.models import CrewReach

BEST: Final = None
"""The best way outside the page."""
SECOND: Final = "second"
"""The next one after those that were tried."""
_PURPOSES: Final = {Waiting.ANSWER: "order", Waiting.SETTING_OUT: "remind"}


class Call(Protocol):
    """Has something delivered to a crew or to a role, once the transaction is committed."""

    def __call__(
        self,
        session: Session,
        *,
        purpose: str,
        now: datetime,
        crew_id: int | None = None,
        role: str | None = None,
        assignment_id: int | None = None,
        incident_id: int | None = None,
        channel: str | None = None,
    ) -> object:
        """Write what is to be delivered and put in the jobs that send it."""


def call_crew(
    call: Call,
    session: Session,
    chain: OrderChain,
    waiting: Waiting,
    now: datetime,
    way: str | None,
) -> None:
    """Have a crew told of its order outside its page, over its best or its second channel."""
    call(
        session,
        purpose=_PURPOSES[waiting],
        now=now,
        crew_id=chain.crew_id,
        assignment_id=chain.assignment_id,
        incident_id=chain.incident_id,
        channel=way,
    )


def call_supervisor(call: Call, session: Session, chain: OrderChain, now: datetime) -> None:
    """Have the supervisors told that nobody takes an order."""
    call(
        session,
        purpose="supervisor",
        now=now,
        role="supervisor",
        assignment_id=chain.assignment_id,
        incident_id=chain.incident_id,
    )


def rings_on_its_page(session: Session, crew_id: int, now: datetime) -> bool:
    """Return whether a crew's page is open and may make a sound."""
    reach = session.get(CrewReach, crew_id, populate_existing=True)
    return reach is not None and reach.sound_until is not None and reach.sound_until > now
