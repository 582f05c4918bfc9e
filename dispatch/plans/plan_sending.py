"""Sending a proposed set of crews, or part of it: each crew whole or not at all."""

from collections import Counter
from dataclasses import dataclass

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents.incident_rows import checked_id
from dispatch.incidents.models import Incident
from dispatch.incidents.types import IncidentAnswer
from dispatch.plans.types import PlanRow
from dispatch.plans.types import SendPlan
from dispatch.sending.service import SendService
from dispatch.sending.types import SendCrew


@dataclass(frozen=True, slots=True)
class SentRow:
    """What became of one row: the order, or why there is none."""

    row: PlanRow
    assignment: AssignmentAnswer | None
    refused: DispatchError | None


class PlanSending:
    """Sends several crews with one request."""

    def __init__(
        self, unit_of_work: UnitOfWork, read_model: ReadModel, sending: SendService
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._sending = sending

    def send(
        self, actor: Actor, incident_id: int, wanted: SendPlan
    ) -> tuple[list[SentRow], IncidentAnswer]:
        """Send each row in a transaction of its own, as one click does.

        A row that no longer holds (the crew was taken or went off duty, the task is filled or the
        plan does not ask for it any more) is named with its reason and not sent; the others are.
        Repeated with the same ``client_id`` it sends nobody twice, and goes on where a lost
        connection or a crash cut it short.

        Raises
        ------
        InvalidInput
            On ``rows``, if a crew stands there twice.
        NotFound
            If there is no such incident.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        _refuse_twice(wanted)
        with self._work.reading() as session:
            if session.get(Incident, checked_id(incident_id)) is None:
                raise NotFound.thing("incident", incident_id)
        rows = [self._send_one(actor, incident_id, wanted, row) for row in wanted.rows]
        with self._work.reading() as session:
            return rows, self._read_model.incident(session, incident_id)

    def _send_one(self, actor: Actor, incident_id: int, wanted: SendPlan, row: PlanRow) -> SentRow:
        fields = {**row.given(), "radius_m": wanted.radius_m}
        command = SendCrew.read(
            {name: value for name, value in fields.items() if value is not None}
        )
        key = None if wanted.client_id is None else f"{wanted.client_id}/{row.crew_id}"
        try:
            assignment, _ = self._sending.send(actor, incident_id, command, idempotency_key=key)
        except NotAllowed:
            raise
        except DispatchError as refused:
            return SentRow(row, None, refused)
        return SentRow(row, assignment, None)


def _refuse_twice(wanted: SendPlan) -> None:
    twice = [crew for crew, n in Counter(row.crew_id for row in wanted.rows).items() if n > 1]
    if twice:
        message = N_("crew %(id)s stands there twice: it can do one task only")
        raise InvalidInput.one("rows", message, id=twice[0])
