"""The simulated desk, by hand: who goes, when, and what waits."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from dispatch.sending import policy
from scripts.studies.simulation.choosing import Choosing
from scripts.studies.simulation.crew_state import CrewState
from scripts.studies.simulation.desk import simulate
from scripts.studies.simulation.outcome import Outcome
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import Choice
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import IdleCrews
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable

BEST = DispatchRule("best")
#
#   A --100 s-- B --100 s-- C --100 s-- D        one street, a place every 100 s
#   0           1           2           3
#
STREET = TravelTable.of_times(
    np.array([[0.00, 0.0], [0.01, 0.0], [0.02, 0.0], [0.03, 0.0]]),
    2,
    100.0 * np.abs(np.subtract.outer(np.arange(4), np.arange(4))),
)
AT_A, AT_B = SimulatedCrew("at A", 0), SimulatedCrew("at B", 1)
A, B, C, D = range(4)


def _calls(*rows: tuple[float, int, float], priority: Sequence[int] | int = 1) -> Calls:
    """Return calls from (reported, place, work)."""
    reported, place, work = zip(*rows, strict=True)
    return Calls.of_one_kind(reported, place, work, turnout_s=10.0, priority=priority)


def test_a_crew_turns_out_drives_and_works() -> None:
    """The parts of one response add up."""
    outcome = simulate(STREET, [AT_A], _calls((5.0, C, 50.0)), BEST)

    # Reported at 5, out at 15, 200 s of road: there at 215, done at 265.
    assert outcome.sent_s == [5.0]
    assert outcome.arrived_s == [215.0]
    assert outcome.done_s == [265.0]
    assert outcome.response_s == [210.0]


def test_what_waits_is_taken_by_priority_then_age() -> None:
    """While the only crew works, three incidents come in."""
    calls = _calls((0.0, A, 100.0), (1.0, A, 10.0), (2.0, A, 10.0), (3.0, A, 10.0))
    calls = replace(calls, priority=np.array([1, 2, 1, 2]))

    outcome = simulate(STREET, [AT_A], calls, BEST)

    # Free at 110. The urgent one of second 2, 20 s each: 110–130, then those of 1 and of 3.
    assert outcome.sent_s.tolist() == [0.0, 130.0, 110.0, 150.0]
    assert outcome.wait_s.tolist() == [0.0, 129.0, 108.0, 147.0]


def test_a_crew_on_its_way_back_is_sent_on_from_where_it_is() -> None:
    """Half way between C and A it is as far from D as B is."""
    calls = _calls((0.0, C, 40.0), (350.0, D, 10.0))

    sent_on = simulate(STREET, [AT_A], calls, BEST)
    only_from_post = simulate(STREET, [AT_A], calls, replace(BEST, redirect=False))

    # There at 210, done at 250; at 350 it is 100 s back, at B: 200 s from D.
    assert sent_on.travel_s.tolist() == [200.0, 200.0]
    assert sent_on.sent_s.tolist() == [0.0, 350.0]
    # Else it is sent at 450 from A, 300 s from D.
    assert only_from_post.sent_s.tolist() == [0.0, 450.0]
    assert only_from_post.travel_s.tolist() == [200.0, 300.0]


def test_a_crew_on_the_road_needs_less_turnout() -> None:
    """By the share that the rule names."""
    calls = _calls((0.0, C, 40.0), (350.0, D, 10.0))

    outcome = simulate(STREET, [AT_A], calls, replace(BEST, turnout_on_road=0.5))

    assert outcome.turnout_s.tolist() == [10.0, 5.0]


def test_the_nearest_by_line_is_not_the_first_to_arrive() -> None:
    """Across a river: 1 km by air and 900 s by road, against 3 km and 300 s."""
    river = TravelTable.of_times(
        np.array([[0.00, 0.0], [0.04, 0.0], [0.01, 0.0]]),
        2,
        np.array([[0.0, 900.0, 900.0], [900.0, 0.0, 300.0], [900.0, 300.0, 0.0]]),
    )
    calls = _calls((0.0, 2, 10.0))
    crews = [SimulatedCrew("over the river", 0), SimulatedCrew("on this side", 1)]

    by_line = simulate(river, crews, calls, DispatchRule("line", Choice.NEAREST_LINE))
    by_road = simulate(river, crews, calls, BEST)

    assert (by_line.crew.tolist(), by_line.travel_s.tolist()) == ([0], [900.0])
    assert (by_road.crew.tolist(), by_road.travel_s.tolist()) == ([1], [300.0])


def test_a_batch_gives_two_incidents_the_pair_that_is_better_together() -> None:
    """One by one, the first takes the crew that the second needs."""
    # One by one, what can wait takes B (100 s to C), the urgent one gets A (300 s to D). Weighted 1
    # and 8: 100 + 8 x 300 = 2 500; the other way round 200 + 8 x 200 = 1 800.
    calls = replace(_calls((0.0, C, 10.0), (20.0, D, 10.0)), priority=np.array([4, 1]))

    one_by_one = simulate(STREET, [AT_A, AT_B], calls, BEST)
    batch = simulate(STREET, [AT_A, AT_B], calls, DispatchRule("batch", Choice.BATCH, batch_s=60.0))

    assert one_by_one.crew.tolist() == [1, 0]
    assert batch.crew.tolist() == [0, 1]
    assert batch.sent_s.tolist() == [60.0, 60.0]


def test_the_first_to_answer_a_grab_goes() -> None:
    """Though another would be there sooner; nobody outside the radius is asked."""
    calls = replace(_calls((0.0, B, 10.0)), answer_s=np.array([[7.0, 30.0, 1.0]]))
    crews = [AT_A, AT_B, SimulatedCrew("at D", 3)]
    grab = DispatchRule("grab", Choice.GRAB, radius_m=2_000.0)

    outcome = simulate(STREET, crews, calls, grab)

    # D is 2.2 km away and is not asked; A answers after 7 s.
    assert outcome.crew.tolist() == [0]
    assert outcome.sent_s.tolist() == [7.0]


def test_who_answers_a_grab_too_late_is_passed_over() -> None:
    """Two grabs at once: the quick crew gets one of them, the other goes to the next."""
    calls = replace(
        _calls((0.0, B, 500.0), (1.0, B, 500.0)), answer_s=np.array([[30.0, 5.0], [40.0, 6.0]])
    )

    outcome = simulate(STREET, [AT_A, AT_B], calls, DispatchRule("grab", Choice.GRAB))

    assert outcome.crew.tolist() == [1, 0]
    assert outcome.sent_s.tolist() == [5.0, 41.0]


def test_only_a_crew_with_the_skill_goes() -> None:
    """However near another one is; where nobody has it, the incident stays without a crew."""
    calls = replace(
        _calls((0.0, B, 10.0), (1.0, B, 10.0)),
        kind=np.array([0, 1]),
        kinds=("leak", "power"),
        needs=((frozenset({"gas"}),), (frozenset({"power"}),)),
    )
    crews = [replace(AT_A, skills=frozenset({"gas"})), replace(AT_B, skills=frozenset({"water"}))]

    outcome = simulate(STREET, crews, calls, BEST)

    assert outcome.crew.tolist() == [0, -1]
    assert outcome.response_s.tolist() == [110.0, np.inf]


def test_shifts_and_breaks_are_kept() -> None:
    """Nobody is sent who would arrive after the shift; a break that came due at work follows it."""
    early = replace(AT_A, shifts_s=((0.0, 1_000.0),), breaks_s=((300.0, 400.0),))
    late = replace(AT_B, shifts_s=((1_000.0, 5_000.0),))
    calls = _calls((200.0, A, 150.0), (370.0, A, 10.0), (950.0, B, 10.0))

    outcome = simulate(STREET, [early, late], calls, BEST)

    # Early works 210–360, has its break 360–460, and takes what came at 370. At 950 it would be
    # at B at 1 060, after its shift: that waits for the late crew, which is there already.
    assert outcome.sent_s.tolist() == [200.0, 460.0, 1_000.0]
    assert outcome.crew.tolist() == [0, 0, 1]


def test_a_closure_holds_from_its_instant_on() -> None:
    """The same drive takes longer once the road is closed."""
    open_s = STREET.periods[0][1]
    table = replace(STREET, periods=((0.0, open_s), (1_000.0, 3.0 * open_s)))

    outcome = simulate(table, [AT_A], _calls((0.0, B, 1.0), (1_500.0, B, 1.0)), BEST)

    assert outcome.travel_s.tolist() == [100.0, 300.0]


def test_a_move_up_rule_is_asked_and_followed() -> None:
    """B leaves for D; A is sent to stand at B, and is 100 s nearer to C."""
    seen: list[IdleCrews] = []

    def stand_in(idle: IdleCrews) -> dict[int, int]:
        seen.append(idle)
        return {0: B} if idle.sent == 1 else {}

    calls = _calls((0.0, D, 1_000.0), (500.0, C, 10.0))

    outcome = simulate(STREET, [AT_A, AT_B], calls, replace(BEST, move_up=stand_in))

    assert outcome.crew.tolist() == [1, 0]
    assert outcome.travel_s.tolist() == [200.0, 100.0]
    assert outcome.moves == 1
    assert (seen[0].sent, seen[0].sent_from, seen[0].crew.tolist()) == (1, B, [0])


def test_only_those_are_judged_who_can_be_recommended() -> None:
    """What is left out never changes who is recommended."""
    rng = np.random.default_rng(4)
    lonlat = rng.uniform(0.0, 0.1, (40, 2))
    times_s = rng.uniform(30.0, 500.0, (40, 40))
    times_s[rng.random((40, 40)) < 0.1] = np.inf
    table = TravelTable.of_times(lonlat, 30, times_s)
    calls = replace(
        Calls.of_one_kind(np.arange(60.0), rng.integers(30, 40, 60), 1.0),
        needs=((frozenset({"gas"}),),),
    )
    choosing = Choosing(table, calls)
    crews = []
    for number in range(30):
        skills = frozenset({"gas"} if rng.random() < 0.5 else {"water"})
        shifts = ((0.0, 300.0),) if rng.random() < 0.3 else ()
        state = CrewState(number, SimulatedCrew("", number, skills, shifts), number, number)
        for _ in range(int(rng.integers(3))):
            state.count_order(0.0)
        crews.append(state)

    for call in range(len(calls)):
        idle = [crews[at] for at in sorted(rng.choice(30, 12, replace=False))]
        best = policy.judge(choosing.facts(call, idle, 50.0), stale_fix_s=60.0)[0]
        expected = best.facts.crew_id if best.verdict is policy.Verdict.RECOMMENDED else None
        assert choosing.recommended(call, idle, 50.0) == expected


def test_the_same_calls_give_the_same_outcome() -> None:
    """To the bit: nothing in a run is drawn by chance."""
    rng = np.random.default_rng(7)
    calls = Calls.of_one_kind(
        np.sort(rng.uniform(0.0, 9_000.0, 60)), rng.integers(0, 4, 60), rng.gamma(2.0, 200.0, 60)
    )

    def run() -> Outcome:
        return simulate(STREET, [AT_A, AT_B], calls, BEST)

    assert run().arrived_s.tobytes() == run().arrived_s.tobytes()


@pytest.mark.parametrize("choice", [each for each in Choice if each is not Choice.GRAB])
def test_every_incident_is_served_once_and_no_crew_is_in_two_places(choice: Choice) -> None:
    """Whatever the rule, a crew's orders do not overlap."""
    rng = np.random.default_rng(8)
    calls = Calls.of_one_kind(
        np.sort(rng.uniform(0.0, 9_000.0, 80)), rng.integers(0, 4, 80), rng.gamma(2.0, 200.0, 80)
    )

    outcome = simulate(STREET, [AT_A, AT_B], calls, DispatchRule("", choice))

    assert outcome.served.all()
    for number in (0, 1):
        own = np.flatnonzero(outcome.crew == number)
        own = own[np.argsort(outcome.sent_s[own])]
        assert (outcome.sent_s[own][1:] >= outcome.done_s[own][:-1]).all()
