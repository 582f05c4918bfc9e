"""The weather class that holds for a utility, as the desk declares it."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.pledges.models import EVERYWHERE
from dispatch.pledges.models import WeatherDeclared
from dispatch.pledges.states import WeatherClass
from dispatch.pledges.types import DeclareWeather
from dispatch.pledges.types import WeatherAnswer
from dispatch.pledges.types import WeathersAnswer
from dispatch.writes.idempotency import Once
from dispatch.zones.models import Zone


class WeatherService:
    """Reads and declares the weather; clocks that run keep that of their start."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> WeathersAnswer:
        """Return what was declared, by utility."""
        actor.require(Permission.INCIDENT_READ)
        query = select(WeatherDeclared).order_by(WeatherDeclared.utility, WeatherDeclared.zone_id)
        with self._work.reading() as session:
            return {"weather": [_view(row) for row in session.scalars(query)]}

    def declare(self, actor: Actor, wanted: DeclareWeather) -> WeatherAnswer:
        """Declare the weather of a utility; the same once more changes nothing.

        Raises
        ------
        InvalidInput
            On ``zone_id``, if there is no such zone.
        """
        actor.require(Permission.WEATHER_WRITE)
        once = Once.of(actor, wanted.client_id, wanted)

        def work(session: Session) -> WeatherAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("WeatherAnswer", known)
            answer = self._declared(session, actor, wanted)
            once.finish(session, answer)
            return answer

        return self._work.run(work)

    def _declared(self, session: Session, actor: Actor, wanted: DeclareWeather) -> WeatherAnswer:
        now = self._clock()
        if wanted.zone_id is not None and session.get(Zone, wanted.zone_id) is None:
            raise InvalidInput.one("zone_id", N_("is no zone"))
        key = {"utility": wanted.utility, "zone_id": wanted.zone_id or EVERYWHERE}
        values = {
            "weather": wanted.weather.value,
            "reason": wanted.reason or "",
            "declared_at": now,
            "declared_by": actor.display_name,
        }
        before = session.get(WeatherDeclared, tuple(key.values()), with_for_update=True)
        said = (wanted.weather.value, wanted.reason or "")
        if before is not None and (before.weather, before.reason) == said:
            return _view(before)
        session.execute(
            insert(WeatherDeclared)
            .values(**key, **values)
            .on_conflict_do_update(index_elements=["utility", "zone_id"], set_=values)
        )
        row = session.get_one(WeatherDeclared, tuple(key.values()), populate_existing=True)
        answer = _view(row)
        events.append(session, EventKind.WEATHER_DECLARED, actor, at=now, data={"weather": answer})
        return answer


def _view(row: WeatherDeclared) -> WeatherAnswer:
    return {
        "utility": row.utility,
        "zone_id": row.zone_id or None,
        "weather": WeatherClass(row.weather),
        "reason": row.reason,
        "declared_at": instant(row.declared_at),
        "declared_by": row.declared_by,
    }
