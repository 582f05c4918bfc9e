"""Fill in the addresses of incidents that have none; what people wrote is never touched."""

import logging
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from typing import Any

from procrastinate import Blueprint
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.core.instants import Clock
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.ground.addresses import AddressLookup
from dispatch.incidents.models import Incident
from dispatch.incidents.states import ENDED_INCIDENT_STATES

LOG = logging.getLogger(__name__)
INCIDENTS = "incidents"
FILL_ADDRESSES = f"{INCIDENTS}:fill_addresses"
_AT_ONCE = 100
_WITHOUT = (
    select(
        Incident.id, longitude(Incident.point).label("lon"), latitude(Incident.point).label("lat")
    )
    .where(Incident.address == "", Incident.erased_at.is_(None), Incident.id < bindparam("before"))
    .order_by(Incident.id.desc())
    .limit(_AT_ONCE)
)
# What somebody wrote or erased meanwhile stays as it is.
_FILL = (
    update(Incident)
    .where(Incident.id == bindparam("number"), Incident.address == "", Incident.erased_at.is_(None))
    .values(address=bindparam("words"), version=Incident.version + 1)
    .returning(Incident.state)
)


class Addressing:
    """Derives the addresses of incidents that came without one."""

    def __init__(self, unit_of_work: UnitOfWork, lookup: AddressLookup, clock: Clock) -> None:
        self._work = unit_of_work
        self._lookup = lookup
        self._clock = clock

    def fill(self) -> int:
        """Fill in empty addresses, the newest first, and return how many there were.

        What is not over stands on desks: each of those changes with an event of its own. What is
        over is looked up when somebody wants it: one event for a hundred says that it was done.
        """
        before, filled = 2**63 - 1, 0
        while True:
            with self._work.reading() as session:
                rows = session.execute(_WITHOUT, {"before": before}).all()
            if not rows:
                break
            before = rows[-1].id
            # Outside any transaction: a hundred look-ups take their time.
            addresses = self._addresses(rows)
            filled += self._work.run(partial(self._write, addresses=addresses))
        if filled:
            LOG.info("Derived the addresses of %d incidents", filled)
        return filled

    def _addresses(self, rows: Sequence[Any]) -> dict[int, str]:
        found = {row.id: self._lookup.address_at(row.lon, row.lat) for row in rows}
        return {incident_id: address for incident_id, address in found.items() if address}

    def _write(self, session: Session, addresses: Mapping[int, str]) -> int:
        now = self._clock()
        states = {}
        for incident_id, address in sorted(addresses.items()):  # in the order all rows are locked
            values = {"number": incident_id, "words": address}
            state = session.connection().execute(_FILL, values).scalar()
            if state is not None:
                states[incident_id] = state
        over = [each for each, state in states.items() if state in ENDED_INCIDENT_STATES]
        for incident_id in sorted(states.keys() - over):
            events.append(
                session,
                EventKind.INCIDENT_UPDATED,
                SYSTEM,
                at=now,
                incident_id=incident_id,
                data={"address": addresses[incident_id]},
            )
        if over:
            data = {"incident_ids": over}
            events.append(session, EventKind.ADDRESSES_DERIVED, SYSTEM, at=now, data=data)
        return len(states)


def addressing_tasks(addressing: Addressing) -> Blueprint:
    """Return the job, to be added to one app under `INCIDENTS`; it also runs every hour."""
    tasks = Blueprint()

    @tasks.periodic(cron="13 * * * *")
    @tasks.task(name="fill_addresses", queueing_lock=FILL_ADDRESSES)
    def fill_addresses(timestamp: int) -> None:  # noqa: ARG001  (when it was due; it does not matter)
        addressing.fill()

    return tasks
