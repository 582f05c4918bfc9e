"""What is seen on behalf of something rather than somebody: an incident, a crew, a gateway.

Nobody is signed in when a deadline falls due, a gateway reports, or a phone says that it rang. What
they are about says whose rows are concerned: those of its company.
"""

from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import Row
from sqlalchemy import text

from dispatch.core.instants import Clock
from dispatch.core.scope import NOTHING
from dispatch.core.scope import Scope
from dispatch.core.unit_of_work import UnitOfWork

SIGHT: Final = text(
    "SELECT * FROM sight_for(:incident_id, :crew_id, :gateway_id, :delivery_id, :now)"
)


class SightService:
    """Tells what is seen on behalf of things."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def of_gateway(self, gateway_id: int) -> Scope:
        """Return what a gateway may report about; nothing if there is none of this id."""
        return self._of(gateway_id=gateway_id)

    def of_delivery(self, delivery_id: int) -> Scope:
        """Return what the phone that a delivery went to may report about."""
        return self._of(delivery_id=delivery_id)

    def _of(self, **of: int) -> Scope:
        rows = self._work.ask(SIGHT, asked(self._clock(), **of))
        return scope_of(rows[0]) if rows else NOTHING


def asked(now: datetime, **of: int | None) -> dict[str, Any]:
    """Return the parameters of `SIGHT`: ``incident_id=``, ``crew_id=``, and so on."""
    nothing = dict.fromkeys(("incident_id", "crew_id", "gateway_id", "delivery_id"))
    return {**nothing, **of, "now": now}


def scope_of(sight: Row[Any]) -> Scope:
    """Return the scope that a row of `SIGHT` says."""
    return Scope(
        units=tuple(sight.units),
        above=tuple(sight.above),
        crews=tuple(sight.crews),
        home=sight.unit_id,
        everything=sight.everything,
    )
