"""Orders that are driven over the grid and end, as what was driven for them is made of."""

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.incidents.types import CreateIncident
from dispatch.positions.types import ReportPositions
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.orders import step_for


@dataclass(frozen=True, slots=True)
class DrivenOrders:
    """Lets crews drive four blocks for orders that then end."""

    services: Services
    dispatcher: Actor
    yard: CrewYard

    def drive(self, speed_mps: float) -> int:
        """Drive from (2, 3) two blocks east and two north, stay ten minutes; return the order.

        Fixes come every 40 m, later every 30 s.
        """
        services, city, clock = self.services, self.yard.city, self.yard.clock
        crew_id = self.yard.put(f"Crew {speed_mps:g} {clock():%H%M%S}", 2, 3)
        lon, lat = city.at(4, 5)
        incident = services.incidents.create(
            self.dispatcher, CreateIncident(kind="gas_leak", lon=lon, lat=lat)
        )
        order, _ = services.sending.send(self.dispatcher, incident["id"], SendCrew(crew_id=crew_id))
        for step in ("accept", "depart"):
            services.assignments.act(self.dispatcher, order["id"], Action(step), step_for(step))
        places = [city.at(2 + at / 5, 3) for at in range(10)]
        places += [city.at(4, 3 + at / 5) for at in range(11)]
        began = clock()
        fixes = [
            (began + timedelta(seconds=40 * at / speed_mps), place)
            for at, place in enumerate(places)
        ]
        clock.now = there = fixes[-1][0]
        fixes += [(there + timedelta(seconds=30 * wait), places[-1]) for wait in range(1, 21)]
        services.assignments.act(
            self.dispatcher, order["id"], Action.ARRIVE, step_for(Action.ARRIVE)
        )
        clock.forward(600)
        self._report(crew_id, fixes)
        services.assignments.act(
            self.dispatcher, order["id"], Action.COMPLETE, step_for(Action.COMPLETE)
        )
        return order["id"]

    def _report(self, crew_id: int, fixes: list[tuple[datetime, tuple[float, float]]]) -> None:
        reports = [
            {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": at, "accuracy_m": 6.0}
            for at, (lon, lat) in fixes
        ]
        self.services.positions.record(self.yard.integration, ReportPositions(positions=reports))
