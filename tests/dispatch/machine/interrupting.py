"""Crews called away to something more urgent, and the check-ins of those on scene."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant
from hypothesis.stateful import multiple
from hypothesis.stateful import rule
from sqlalchemy import text

from dispatch.incidents.types import CreateIncident
from dispatch.safety.types import SayWell
from dispatch.sending.types import SendCrew
from tests.dispatch.machine.orders import CREWS
from tests.dispatch.machine.orders import OrderMachine
from tests.looking import looking

_WATCHED = text(
    "SELECT w.assignment_id, w.state, count(d.id) FROM check_in_watch w"
    " LEFT JOIN deadline d ON d.assignment_id = w.assignment_id AND d.kind = 'check_in'"
    " AND d.done_at IS NULL WHERE w.ended_at IS NULL GROUP BY w.id"
)


class InterruptMachine(OrderMachine):
    """Interruptions beside everything else that moves orders."""

    @rule(target=OrderMachine.incidents, column=st.integers(0, 12), row=st.integers(0, 12))
    def pin_what_can_wait(self, column: int, row: int) -> int:
        """Pin something that a crew may leave for what is urgent."""
        lon, lat = self.city.at(column, row)
        fields = {"kind": "water_burst", "lon": lon, "lat": lat, "priority": 4}
        pinned = self.services.incidents.create(self.desk, CreateIncident.read(fields))
        self._begin(pinned["id"])
        return pinned["id"]

    def _priority(self, incident: int) -> int:
        return self.services.incidents.get(self.desk, incident)["priority"]

    @rule(
        target=OrderMachine.orders,
        incident=OrderMachine.incidents,
        crew=st.integers(0, CREWS - 1),
    )
    def interrupt(self, incident: int, crew: int) -> Any:  # noqa: ANN401  (hypothesis' multiple)
        """Have a crew leave less urgent work; that waits behind, accepted if it had been."""
        crew_id = self.crew_ids[crew]
        busy = self.queues[crew_id]
        expected = (
            "incident_ended"
            if self.desk_state[incident]
            else "already_assigned"
            if any(self.where[order][0] == incident for order in busy)
            else "not_interruptible"
            if busy and self._priority(self.where[busy[0]][0]) <= self._priority(incident)
            else None
        )
        wanted = SendCrew(crew_id=crew_id, interrupt=True, reason="more urgent")
        if expected is not None:
            assert self._refused(self.services.sending.send, incident, wanted) == expected
            return multiple()
        sent, _ = self.services.sending.send(self.desk, incident, wanted)
        if busy and self.state[busy[0]] != "offered":
            self.state[busy[0]] = "accepted"
        self._note_order(sent["id"], incident, crew_id, "offered")
        busy.insert(0, busy.pop())
        self._gets_a_crew(incident)
        return sent["id"]

    @rule(crew=st.integers(0, CREWS - 1))
    def say_well(self, crew: int) -> None:
        """Report as the desk that reached the crew."""
        self.services.safety.say_well(self.desk, self.crew_ids[crew], SayWell())

    @invariant()
    def whoever_is_on_scene_is_watched_and_nobody_else(self) -> None:
        """By one check-in with one step ahead, until there is none left to take."""
        with looking(self.engine) as connection:
            watched = connection.execute(_WATCHED).all()
        on_scene = sorted(order for order, state in self.state.items() if state == "on_scene")
        assert sorted(row.assignment_id for row in watched) == on_scene
        for _, state, steps in watched:
            assert steps == (0 if state == "escalated" else 1)
