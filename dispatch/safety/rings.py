"""How crews and supervisors are reached beyond open pages: through whichever ways the house has."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.deliveries.contacts import SUPERVISOR
from dispatch.deliveries.delivery_rows import ALL
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.deliveries.states import Purpose
from dispatch.jobs.queue import JobQueue


class Rings(Protocol):
    """Has phones rung, inside the transaction that causes it."""

    def crew(
        self, session: Session, now: datetime, *, crew_id: int, assignment_id: int | None
    ) -> None:
        """Ask a crew whether it is all right."""

    def supervisor(
        self,
        session: Session,
        now: datetime,
        *,
        incident_id: int | None,
        assignment_id: int | None,
        about: str,
    ) -> None:
        """Tell the supervisor that nobody has seen to something; ``about`` is the event's kind."""


class DeliveryRings:
    """Rings through the ways set up for a crew, and for the supervisor: push, or a gateway.

    Parameters
    ----------
    jobs
        Where sending waits.
    """

    def __init__(self, jobs: JobQueue) -> None:
        self._jobs = jobs

    def crew(
        self, session: Session, now: datetime, *, crew_id: int, assignment_id: int | None
    ) -> None:
        """Ask a crew whether it is all right, by the best way besides its page."""
        request_delivery(
            session,
            self._jobs,
            purpose=Purpose.CHECK_IN,
            crew_id=crew_id,
            assignment_id=assignment_id,
            now=now,
        )

    def supervisor(
        self,
        session: Session,
        now: datetime,
        *,
        incident_id: int | None,
        assignment_id: int | None,
        about: str,
    ) -> None:
        """Tell the supervisor, by every way there is."""
        request_delivery(
            session,
            self._jobs,
            purpose=Purpose.SUPERVISOR,
            role=SUPERVISOR,
            incident_id=incident_id,
            assignment_id=assignment_id,
            channel=ALL,
            data={"about": about},
            now=now,
        )
