"""Who moves up, by the desk's own rule and by a compliance table."""

import numpy as np

from scripts.studies.simulation.desk import simulate
from scripts.studies.simulation.moving_up import DeskMoveUp
from scripts.studies.simulation.moving_up import compliance
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import IdleCrews
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable

#   West and mid are 200 s apart, mid and east 900 s. Around each of them are twelve places at 60 s.
WEST, MID, EAST = range(3)
_WHERE = np.repeat([WEST, MID, EAST], 12)
_X = np.array([0.0, 0.03, 0.2])
_NEAR = np.column_stack([_X[_WHERE], np.linspace(0.001, 0.01, 36)])
LONLAT = np.vstack([np.column_stack([_X, np.zeros(3)]), _NEAR])
_HOME = np.concatenate([[WEST, MID, EAST], _WHERE])
_BETWEEN = np.array([[0.0, 200.0, 1_100.0], [200.0, 0.0, 900.0], [1_100.0, 900.0, 0.0]])
_OUT = np.concatenate([np.zeros(3), np.full(36, 60.0)])
TABLE = TravelTable.of_times(
    LONLAT, 3, _BETWEEN[np.ix_(_HOME, _HOME)] + _OUT[:, None] + _OUT[None, :]
)
CREWS = [SimulatedCrew("west", WEST), SimulatedCrew("mid", MID), SimulatedCrew("east", EAST)]


def _idle(stand: list[int], *, sent: int | None = None, sent_from: int | None = None) -> IdleCrews:
    crew = np.array([each for each in range(3) if each != sent])
    where = np.array(stand)
    return IdleCrews(
        0.0, crew, where, where, crew, where != crew, TABLE.periods[0][1], sent, sent_from
    )


def test_a_compliance_table_moves_as_few_seconds_as_possible() -> None:
    """Two idle crews hold west and east; whoever stands there stays."""
    rule = compliance({1: [MID], 2: [WEST, EAST], 3: [WEST, MID, EAST]})

    assert rule(_idle([MID, EAST], sent=0)) == {1: WEST, 2: EAST}
    assert rule(_idle([WEST, EAST], sent=1)) == {0: WEST, 2: EAST}


def test_the_desk_moves_a_crew_to_where_most_is_lost() -> None:
    """The crew of the east leaves: of the two others, one restores its part."""
    past = np.concatenate([np.arange(3, 39), np.repeat(np.arange(27, 39), 20)])
    rule = DeskMoveUp(TABLE, past, within_s=300.0)

    moved = rule(_idle([WEST, MID], sent=2, sent_from=EAST))

    # West and mid reach each other's places in 260 s, so either can go without a loss.
    assert list(moved.values()) == [EAST]


def test_the_desk_moves_nobody_where_nothing_is_lost() -> None:
    """The crew of the middle leaves, and west reaches all that it reached."""
    rule = DeskMoveUp(TABLE, np.arange(3, 39), within_s=300.0)

    assert rule(_idle([WEST, EAST], sent=1, sent_from=MID)) == {}


def test_who_moved_up_is_called_back_when_the_place_is_held_again() -> None:
    """In a whole run: east leaves, somebody stands in, east comes back, all are at their posts."""
    seen: list[list[tuple[int, int]]] = []
    past = np.concatenate([np.arange(3, 39), np.repeat(np.arange(27, 39), 20)])
    desk = DeskMoveUp(TABLE, past, within_s=300.0)

    def rule(idle: IdleCrews) -> dict[int, int]:
        moves = desk(idle)
        seen.append(list(moves.items()))
        return moves

    calls = Calls.of_one_kind([0.0], [27], 3_000.0)

    outcome = simulate(TABLE, CREWS, calls, DispatchRule("desk", move_up=rule))

    assert outcome.crew.tolist() == [EAST]
    assert outcome.moves == 1
    moved, back = seen
    ((crew, to),) = moved
    assert to == EAST
    assert back == [(crew, crew)]
