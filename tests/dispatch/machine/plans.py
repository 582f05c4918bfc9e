"""Alarm levels and roles: what counts as done when several crews are needed."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant
from hypothesis.stateful import rule
from sqlalchemy import text
from typing_extensions import override

from dispatch.assignments.states import CrewRole
from dispatch.plans.types import ChangeLevel
from dispatch.plans.types import ChangeRole
from tests.dispatch.machine.orders import LIVE
from tests.dispatch.machine.orders import MEANS
from tests.dispatch.machine.orders import OrderMachine
from tests.looking import looking


class PlanMachine(OrderMachine):
    """Levels rise and fall and the lead is passed on."""

    def __init__(self) -> None:
        self.level: dict[int, int] = {}
        self.ends: dict[int, list[tuple[str, bool]]] = {}
        super().__init__()

    @override
    def _begin(self, incident_id: int) -> None:
        super()._begin(incident_id)
        self.level.setdefault(incident_id, 1)
        self.ends[incident_id] = []

    @override
    def _meaning(self, incident_id: int) -> str | None:
        """Return what the ends mean: done needs the lead, a last "not done" undoes it."""
        ends = self.ends[incident_id]
        leading = [effect for effect, decides in ends if decides]
        if ends and ends[-1][0] == "not_done":
            return "not_done"
        if not leading or leading[-1] == "not_done":
            return leading[-1] if leading else None
        return "follow_up" if "follow_up" in {effect for effect, _ in ends} else "done"

    @override
    def _end(self, order: int, outcome: str) -> Any:
        incident, _ = self.where[order]
        role = self.services.assignments.get(self.desk, order)["role"]
        self.ends[incident].append((MEANS[outcome], role == "lead" or self.level[incident] == 1))
        return super()._end(order, outcome)

    @rule(incident=OrderMachine.incidents, level=st.integers(1, 3))
    def set_level(self, incident: int, level: int) -> None:
        """Set the level: a water burst needs as many crews as that is high."""
        wanted = ChangeLevel(level=level, reason="why")
        code = self._refused(self.services.levels.change, incident, wanted)

        assert code == ("incident_ended" if self.desk_state[incident] else None)
        if code is None:
            self.level[incident] = level

    @rule(order=OrderMachine.orders, role=st.sampled_from(list(CrewRole)))
    def give_role(self, order: int, role: CrewRole) -> None:
        """Change a role, which goes while the order is alive."""
        code = self._refused(self.services.roles.change, order, ChangeRole(role=role))

        assert code == (None if self.state[order] in LIVE else "wrong_state")

    @invariant()
    def one_crew_leads_and_no_crew_is_counted_twice(self) -> None:
        """And every crew that the plan asks for is either there or named as missing."""
        with looking(self.engine) as connection:
            leads = connection.execute(
                text(
                    "SELECT count(*) FROM assignment WHERE ended_at IS NULL AND role = 'lead'"
                    " GROUP BY incident_id"
                )
            ).scalars()
            assert set(leads) <= {1}
        listed = self.services.incidents.list(self.desk)["incidents"]
        going_on = {incident for incident, decided in self.desk_state.items() if decided is None}
        assert {each["id"] for each in listed} == going_on
        for each in listed:
            incident, attendance = each["id"], each["attendance"]
            assert attendance is not None
            assert attendance["needed"] == self.level[incident]
            assert attendance["assigned"] + len(attendance["missing"]) == attendance["needed"]
            working = [order for order in self.of_round[incident] if self.state[order] in LIVE]
            done = [effect for effect, _ in self.ends[incident] if effect != "not_done"]
            most = min(attendance["needed"], len(working) + len(done))
            assert attendance["assigned"] == most  # these crews can do everything
