"""The log, folded anew after each step, tells the state that the tables hold."""

from collections import defaultdict
from typing import Any

from hypothesis.stateful import invariant
from sqlalchemy import text

from dispatch.replay.frames import LogEntry
from dispatch.replay.frames import crew_frames
from dispatch.replay.frames import incident_frames
from tests.dispatch.machine.orders import OrderMachine
from tests.looking import looking

_EVENTS = text(
    "SELECT id, kind, at, assignment_id, crew_id, incident_id, data FROM event ORDER BY id"
)
_INCIDENTS = text(
    "SELECT id, kind, priority, ST_X(point) AS lon, ST_Y(point) AS lat, address, state,"
    " outcome_effect FROM incident"
)
_ORDERS = text("SELECT id, incident_id, crew_id, state, rank, ended_at FROM assignment ORDER BY id")


class ReplayingMachine(OrderMachine):
    """Replays after each step."""

    @invariant()
    def the_log_replays_to_the_same_state(self) -> None:
        """Of each incident its state and orders, of each crew what it does and what waits."""
        with looking(self.engine) as connection:
            events = [LogEntry(*row) for row in connection.execute(_EVENTS)]
            incidents = connection.execute(_INCIDENTS).all()
            orders = connection.execute(_ORDERS).all()
        of_incident, of_crew = _by(events, "incident_id"), _by(events, "crew_id")
        for row in incidents:
            known: Any = {**row._mapping}
            told = incident_frames(of_incident[row.id], known)[-1].value
            mine = [each for each in orders if each.incident_id == row.id]
            assert (told["state"], told["outcome_effect"]) == (row.state, row.outcome_effect)
            assert told["orders"] == [
                {"assignment_id": each.id, "crew_id": each.crew_id, "state": each.state}
                for each in mine
            ]
        for crew_id in self.crew_ids:
            first = of_crew[crew_id][0]
            told_crew = crew_frames(of_crew[crew_id], "on_duty", first.at)[-1].value
            live = [each for each in orders if each.crew_id == crew_id and each.ended_at is None]
            front = next((each.id for each in live if each.rank == 0), None)
            assert (told_crew["assignment_id"], told_crew["waiting"]) == (
                front,
                max(len(live) - 1, 0),
            )


def _by(events: list[LogEntry], name: str) -> dict[int, list[LogEntry]]:
    found: dict[int, list[LogEntry]] = defaultdict(list)
    for event in events:
        found[getattr(event, name)].append(event)
    return found
