"""Incidents and orders: pinned, sent, taken from step to step, closed, cancelled, opened again."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import invariant
from hypothesis.stateful import multiple
from hypothesis.stateful import rule
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.incidents.types import CreateIncident
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.cities import GridCity
from tests.conftest import SettableClock
from tests.conftest import empty_the_tables
from tests.looking import looking

CREWS = 3
NEXT = {
    ("offered", "accept"): "accepted",
    ("offered", "decline"): "declined",
    ("accepted", "depart"): "en_route",
    ("en_route", "arrive"): "on_scene",
    ("on_scene", "complete"): "completed",
    ("offered", "withdraw"): "withdrawn",
    ("accepted", "withdraw"): "withdrawn",
    ("en_route", "withdraw"): "withdrawn",
    ("on_scene", "withdraw"): "withdrawn",
}
MEANS = {"repaired": "done", "made_safe": "follow_up", "no_access": "not_done"}
LIVE = {"offered", "accepted", "en_route", "on_scene"}
FRONT_ONLY = {"depart", "arrive", "complete"}


class OrderMachine(RuleBasedStateMachine):
    """The product beside a model that knows only lists and words."""

    services: Services
    engine: Engine
    city: GridCity
    clock: SettableClock

    incidents = Bundle("incidents")
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        empty_the_tables(self.engine)
        self.desk = Actor(None, "desk", "desk", frozenset({Role.DISPATCHER}))
        self.crew_ids = [
            self.services.crews.add(SYSTEM, AddCrew(name=f"Crew {number}", duty=Duty.ON_DUTY))
            for number in range(CREWS)
        ]
        self.queues: dict[int, list[int]] = {crew_id: [] for crew_id in self.crew_ids}
        self.state: dict[int, str] = {}
        self.where: dict[int, tuple[int, int]] = {}
        self.desk_state: dict[int, str | None] = {}
        self.of_round: dict[int, list[int]] = {}
        self.said: dict[int, list[str]] = {}
        self.follows: dict[int, int] = {}

    def _refused(self, call: Any, *arguments: Any) -> str | None:  # noqa: ANN401  (any service call)
        try:
            call(self.desk, *arguments)
        except Conflict as conflict:
            return conflict.code
        except InvalidInput:
            return "invalid_input"
        return None

    def _expected(self, incident_id: int) -> str:
        decided = self.desk_state[incident_id]
        if decided is not None:
            return decided
        states = {self.state[order] for order in self.of_round[incident_id]}
        if "on_scene" in states:
            return "on_scene"
        if states & LIVE:
            return "assigned"
        return "resolved" if self._meaning(incident_id) in {"done", "follow_up"} else "open"

    def _meaning(self, incident_id: int) -> str | None:
        """Return what the crews' outcomes of this round mean, in their order."""
        said = self.said[incident_id]
        if not said or said[-1] == "not_done":
            return said[-1] if said else None
        return "follow_up" if "follow_up" in said else "done"

    def _begin(self, incident_id: int) -> None:
        self.desk_state[incident_id] = None
        self.of_round[incident_id], self.said[incident_id] = [], []

    def _live_follow_ups(self, original: int) -> set[int]:
        return {
            each
            for each, followed in self.follows.items()
            if followed == original and self.desk_state[each] is None
        }

    def _note_order(self, order: int, incident: int, crew_id: int, state: str) -> None:
        """Note an order that was placed."""
        self.state[order] = state
        self.where[order] = incident, crew_id
        self.queues[crew_id].append(order)
        self.of_round[incident].append(order)

    def _gets_a_crew(self, incident: int) -> None:
        """Note what else follows when the desk sends a crew."""

    def _is_over(self, incident: int) -> None:
        """Note what else follows when the desk ends an incident."""

    def _leave(self, order: int) -> None:
        self.queues[self.where[order][1]].remove(order)

    @rule(target=incidents, column=st.integers(0, 12), row=st.integers(0, 12))
    def pin(self, column: int, row: int) -> int:
        """Pin an incident."""
        lon, lat = self.city.at(column, row)
        fields = {"kind": "water_burst", "lon": lon, "lat": lat}
        incident_id: int = self.services.incidents.create(self.desk, CreateIncident.read(fields))[
            "id"
        ]
        self._begin(incident_id)
        return incident_id

    @rule(target=orders, incident=incidents, crew=st.integers(0, CREWS - 1), queue=st.booleans())
    def send(self, incident: int, crew: int, *, queue: bool) -> Any:  # noqa: ANN401  (hypothesis' multiple)
        """Send a crew; it must be refused exactly when the model says so."""
        crew_id = self.crew_ids[crew]
        busy = self.queues[crew_id]
        here = any(self.where[order][0] == incident for order in busy)
        expected = (
            "incident_ended"
            if self.desk_state[incident]
            else "already_assigned"
            if here
            else "crew_taken"
            if busy and not queue
            else None
        )
        wanted = SendCrew(crew_id=crew_id, queue=queue)
        if expected is not None:
            assert self._refused(self.services.sending.send, incident, wanted) == expected
            return multiple()
        sent, _ = self.services.sending.send(self.desk, incident, wanted)
        order: int = sent["id"]
        self._note_order(order, incident, crew_id, "offered")
        self._gets_a_crew(incident)
        return order

    @rule(
        target=incidents,
        order=orders,
        step=st.sampled_from(sorted({step for _, step in NEXT})),
        outcome=st.sampled_from(sorted(MEANS)),
    )
    def act(self, order: int, step: str, outcome: str) -> Any:  # noqa: ANN401  (hypothesis' multiple)
        """Take a step; out of order, or out of turn, it is refused. It may leave a follow-up."""
        target = NEXT.get((self.state[order], step))
        waiting = target is not None and self.queues[self.where[order][1]][0] != order
        allowed = target is not None and not (waiting and step in FRONT_ONLY)

        said = Complete(outcome=outcome) if step == "complete" else Step()
        code = self._refused(self.services.assignments.act, order, Action(step), said)

        assert code == (None if allowed else "wrong_state")
        if allowed:
            self.state[order] = str(target)
            if target not in LIVE:
                self._leave(order)
        return self._end(order, outcome) if allowed and step == "complete" else multiple()

    def _end(self, order: int, outcome: str) -> Any:  # noqa: ANN401  (as above)
        """Note an order's outcome; return the follow-up that it made, if it made one."""
        original, _ = self.where[order]
        self.said[original].append(MEANS[outcome])
        if MEANS[outcome] != "follow_up" or self._live_follow_ups(original):
            return multiple()
        follow_up = self.services.incidents.get(self.desk, original)["follow_up_id"]
        assert follow_up is not None
        assert follow_up not in self.follows
        self.follows[follow_up] = original
        self._begin(follow_up)
        return follow_up

    @rule(incident=incidents)
    def cancel(self, incident: int) -> None:
        """Cancel; whoever was on it is free, and what waited behind moves up."""
        code = self._refused(self.services.decisions.cancel, incident, Step())

        assert code == ("incident_ended" if self.desk_state[incident] else None)
        if code is None:
            self.desk_state[incident] = "cancelled"
            self._is_over(incident)
            for order in [each for each in self.of_round[incident] if self.state[each] in LIVE]:
                self.state[order] = "withdrawn"
                self._leave(order)

    @rule(incident=incidents, reason=st.sampled_from(["", "false alarm"]))
    def close(self, incident: int, reason: str) -> None:
        """Close; not under a crew, and not untouched without a reason."""
        state = self._expected(incident)
        expected = {
            "closed": "incident_ended",
            "cancelled": "incident_ended",
            "merged": "incident_ended",
            "assigned": "wrong_state",
            "on_scene": "wrong_state",
            "open": None if reason else "invalid_input",
            "resolved": None,
        }[state]

        assert (
            self._refused(self.services.decisions.close, incident, Step(reason=reason)) == expected
        )
        if expected is None:
            self.desk_state[incident] = "closed"
            self._is_over(incident)

    @rule(incident=incidents)
    def reopen(self, incident: int) -> None:
        """Reopen what is over; a new round begins."""
        over = self._expected(incident) in {"closed", "cancelled", "resolved"}
        others = self._live_follow_ups(self.follows.get(incident, 0)) - {incident}

        code = self._refused(self.services.decisions.reopen, incident, Step())

        expected = "wrong_state" if not over else "follow_up_exists" if others else None
        assert code == expected
        if expected is None:
            self._begin(incident)

    @invariant()
    def everything_is_where_the_model_has_it(self) -> None:
        """States, ranks without gaps, and one version for each event that changes an incident."""
        with looking(self.engine) as connection:
            states = connection.execute(
                text("SELECT id, state, outcome_effect, follow_up_of FROM incident")
            ).all()
            live = connection.execute(
                text(
                    "SELECT crew_id, array_agg(id ORDER BY rank), array_agg(rank ORDER BY rank)"
                    " FROM assignment WHERE ended_at IS NULL GROUP BY crew_id"
                )
            ).all()
            versions = connection.execute(
                text(
                    "SELECT i.id, i.version, (SELECT count(*) FROM event WHERE incident_id = i.id"
                    " AND kind NOT LIKE 'offer.%' AND kind NOT LIKE 'check_in.%'"
                    " AND kind <> 'crew.well' AND kind NOT IN ('assignment.notified',"
                    " 'assignment.moved',"
                    " 'assignment.rung_again', 'assignment.next_found',"
                    " 'assignment.desk_alarmed', 'assignment.supervisor_called')"
                    " AND NOT jsonb_exists(data, 'merged'))"
                    " FROM incident i"
                )
            ).all()
        assert {row.id: row.state for row in states} == {
            incident_id: self._expected(incident_id) for incident_id in self.desk_state
        }
        # Nothing that is not done, or only made safe, counts as done.
        assert {row.id: row.outcome_effect for row in states} == {
            incident_id: self._meaning(incident_id) for incident_id in self.desk_state
        }
        assert not [row for row in states if row.state == "resolved" and row[2] == "not_done"]
        followed = {row.id: row.follow_up_of for row in states if row.follow_up_of is not None}
        assert followed == self.follows
        queues = {crew_id: orders for crew_id, orders, _ in live}
        assert queues == {crew_id: queue for crew_id, queue in self.queues.items() if queue}
        assert all(ranks == list(range(len(ranks))) for _, _, ranks in live)
        assert all(version == events for _, version, events in versions)
