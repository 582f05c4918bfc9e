"""Merging and taking apart, while crews are sent, offers are open and orders wait behind others."""

from typing import Any
from typing import Literal

from hypothesis import strategies as st
from hypothesis.stateful import invariant
from hypothesis.stateful import rule
from sqlalchemy import text

from dispatch.merging.types import MergeIncident
from dispatch.merging.types import UnmergeIncident
from tests.dispatch.machine.orders import LIVE
from tests.dispatch.machine.orders import OrderMachine
from tests.looking import looking

choices = st.sampled_from([None, "move", "withdraw"])


class MergeMachine(OrderMachine):
    """Duplicates become one incident, and two again."""

    def __init__(self) -> None:
        self.into: dict[int, int] = {}
        self.moved_with: dict[int, list[int]] = {}
        super().__init__()

    def _leads_to(self, incident: int) -> int:
        while incident in self.into:
            incident = self.into[incident]
        return incident

    def _live(self, incident: int) -> list[int]:
        return [order for order in self.of_round[incident] if self.state[order] in LIVE]

    @rule(incident=OrderMachine.incidents, into=OrderMachine.incidents, orders=choices)
    def merge(self, incident: int, into: int, orders: Literal["move", "withdraw"] | None) -> None:
        """Merge; live orders go over or end, as was said, and of two of one crew one stays."""
        target = self._leads_to(into)
        moved, ended = self._sorted(incident, target, orders)
        expected = self._no_merge(incident, target, orders, moved)
        wanted = MergeIncident(into=into, orders=orders)

        code = self._refused(self.services.merging.merge, incident, wanted)

        assert code == expected
        if code is not None:
            return
        for order in ended:
            self.state[order] = "withdrawn"
            self._leave(order)
        self._hand_over(moved, incident, target)
        self.into[incident], self.moved_with[incident] = target, moved
        self.desk_state[incident] = "merged"
        self._is_over(incident)

    @rule(incident=OrderMachine.incidents, orders=st.sampled_from([None, "return", "keep"]))
    def unmerge(self, incident: int, orders: Literal["return", "keep"] | None) -> None:
        """Take it out again, with what is still alive of the orders that went over with it."""
        target = self._leads_to(incident)
        others = self._live_follow_ups(self.follows.get(incident, 0)) - {incident}
        merged = incident in self.into
        expected = "not_merged" if not merged else "follow_up_exists" if others else None

        wanted = UnmergeIncident(orders=orders)
        code = self._refused(self.services.merging.unmerge, incident, wanted)

        assert code == expected
        if code is not None:
            return
        back = [order for order in self._live(target) if order in self.moved_with[incident]]
        del self.into[incident]
        self.desk_state[incident] = None
        self._hand_over([] if orders == "keep" else back, target, incident)

    def _sorted(
        self, incident: int, target: int, orders: str | None
    ) -> tuple[list[int], list[int]]:
        """Return which live orders go over, and which end."""
        mine = self._live(incident)
        if orders != "move":
            return [], mine
        moved, ended = [], []
        for order in mine:
            queue = self.queues[self.where[order][1]]
            twin = next((each for each in queue if self.where[each][0] == target), None)
            if twin is not None and queue.index(twin) < queue.index(order):
                ended.append(order)
                continue
            moved.append(order)
            ended += [] if twin is None else [twin]
        return moved, ended

    def _no_merge(
        self, incident: int, target: int, orders: str | None, moved: list[int]
    ) -> str | None:
        if incident == target:
            return "merge_into_itself"
        if self.desk_state[incident]:
            return "incident_ended"
        if self.desk_state[target]:
            return "into_ended"
        if self._live(incident) and orders is None:
            return "orders_live"
        hides = self._expected(target) == "resolved" != self._expected(incident)
        return "into_resolved" if hides and not moved else None

    def _hand_over(self, orders: list[int], from_: int, to: int) -> None:
        for order in orders:
            self.where[order] = to, self.where[order][1]
            self.of_round[from_].remove(order)
            self.of_round[to].append(order)
        if orders:
            self._gets_a_crew(to)

    @invariant()
    def merged_incidents_lead_where_the_model_says(self) -> None:
        """In one step, however many merges it took; and nobody is sent to one of them."""
        with looking(self.engine) as connection:
            rows: Any = connection.execute(
                text(
                    "SELECT id, merged_into, (SELECT count(*) FROM assignment a"
                    " WHERE a.incident_id = incident.id AND a.ended_at IS NULL) AS live"
                    " FROM incident WHERE merged_into IS NOT NULL"
                )
            ).all()
        assert {row.id: row.merged_into for row in rows} == {
            incident: self._leads_to(incident) for incident in self.into
        }
        assert not any(row.live for row in rows)
