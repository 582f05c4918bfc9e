"""Giving things to another unit: what is not an incident or a crew, which are moved with care."""

from typing import Any
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Station
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.pledges.models import Pledge
from dispatch.units import tree_rows
from dispatch.units.belonging import own_unit
from dispatch.units.belonging import sees_rows_of
from dispatch.units.states import Given
from dispatch.units.types import GiveToUnit
from dispatch.units.types import UnitAnswer
from dispatch.zones.models import Zone
from geodata.layers.models import Layer

_TABLES: Final[dict[Given, Any]] = {
    Given.STATION: Station,
    Given.ZONE: Zone,
    Given.LAYER: Layer,
    Given.GATEWAY: Gateway,
    Given.PLEDGE: Pledge,
}
_NEEDS: Final = {
    Given.STATION: Permission.STATION_WRITE,
    Given.ZONE: Permission.ZONE_WRITE,
    Given.LAYER: Permission.LAYER_WRITE,
    Given.GATEWAY: Permission.GATEWAY_WRITE,
    Given.PLEDGE: Permission.RULES_WRITE,
}


class GivingService:
    """Gives what one sees to a unit that one sees."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def give(self, actor: Actor, unit_id: int, wanted: GiveToUnit) -> UnitAnswer:
        """Give things to a unit of their company.

        Raises
        ------
        InvalidInput
            On ``unit_id``; on ``ids``, naming those that cannot go there. Then none does.
        """
        actor.require(_NEEDS[wanted.thing])
        table, ids = _TABLES[wanted.thing], sorted(set(wanted.ids))

        def work(session: Session) -> UnitAnswer:
            unit = own_unit(session, unit_id)
            query = select(table).where(table.id.in_(ids)).order_by(table.id)
            rows = session.scalars(query.with_for_update(of=table, key_share=True)).all()
            _refuse(ids, rows, unit.company_id)
            by_unit: dict[int, list[int]] = {}
            for row in rows:
                if row.unit_id != unit.id:
                    by_unit.setdefault(row.unit_id, []).append(row.id)
                    row.unit_id = unit.id
            session.flush()
            for was, moved in by_unit.items():
                self._tell(session, actor, wanted.thing, moved, was, unit.id)
            return tree_rows.shown(session, unit.id)

        return self._work.run(work)

    def _tell(
        self, session: Session, actor: Actor, thing: Given, ids: list[int], was: int, now_of: int
    ) -> None:
        events.append(
            session,
            EventKind.UNIT_GIVEN,
            actor,
            at=self._clock(),
            unit_id=was,
            also_unit_id=now_of,
            data={"thing": thing.value, "ids": ids, "from": was, "to": now_of},
        )


def _refuse(ids: list[int], rows: Any, company_id: int) -> None:  # noqa: ANN401  (rows of any table)
    own = {row.id for row in rows if sees_rows_of(row.unit_id)}
    wrong = {
        N_("is not yours, or not there: %(ids)s"): [each for each in ids if each not in own],
        N_("is of another company: %(ids)s"): [
            row.id for row in rows if row.company_id != company_id
        ],
    }
    for message, which in wrong.items():
        if which:
            raise InvalidInput.one("ids", message, ids=", ".join(map(str, which)))
