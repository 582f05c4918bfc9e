"""Which crews fill a plan, and the best set of them, held against trying everything."""

import math
from itertools import permutations
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.outcomes.states import Effect
from dispatch.outcomes.states import decided_effect
from dispatch.outcomes.states import standing_effect
from dispatch.plans.best_set import best_set
from dispatch.plans.best_set import cost_matrix
from dispatch.plans.states import Fill
from dispatch.plans.states import Order
from dispatch.plans.states import Task
from dispatch.plans.states import decisive
from dispatch.plans.states import fill
from dispatch.plans.states import fill_state
from dispatch.plans.states import fits
from dispatch.plans.states import is_filled_by
from dispatch.plans.states import open_task
from dispatch.plans.states import openings

LEAD, SUPPORT = CrewRole.LEAD, CrewRole.SUPPORT
DONE, LATER, NOT = Effect.DONE, Effect.FOLLOW_UP, Effect.NOT_DONE


def task(code: str, *skills: str, level: int = 1, crews: int = 1, role: CrewRole = SUPPORT) -> Task:
    """Return a task of a plan."""
    return Task(code, level, crews, role, skills, code, code)


REPAIR = task("repair", "gas", role=LEAD)
CORDON = task("cordon", "cordon")
EXCAVATOR = task("excavator", "excavator", level=2)
PLAN = [CORDON, EXCAVATOR, REPAIR]


def order(
    number: int,
    *skills: str,
    on: str | None = None,
    state: AssignmentState = AssignmentState.EN_ROUTE,
    effect: Effect | None = None,
) -> Order:
    """Return an order of a crew with some skills."""
    return Order(number, on, state, effect, skills)


def numbers(filled: list[Order | None]) -> list[int | None]:
    """Return the numbers of the orders that fill openings."""
    return [each.assignment_id if each else None for each in filled]


def test_levels_add_up_and_the_lead_comes_first() -> None:
    """At level 2 everything of level 1 is needed, too."""
    twice = task("pumps", level=2, crews=2)

    assert openings([*PLAN, twice], 1) == [REPAIR, CORDON]
    assert openings([*PLAN, twice], 2) == [REPAIR, CORDON, EXCAVATOR, twice, twice]


def test_a_crew_that_was_sent_in_addition_counts_when_the_level_rises() -> None:
    """The excavator stands there already: it is not missing."""
    orders = [order(1, "gas", on="repair"), order(2, "cordon", on="cordon"), order(3, "excavator")]

    assert numbers(fill(openings(PLAN, 1), orders)) == [1, 2]
    assert numbers(fill(openings(PLAN, 2), orders)) == [1, 2, 3]


def test_who_was_sent_for_a_task_stays_with_it() -> None:
    """The cordon crew could repair, too; it was sent to close the street."""
    both = order(1, "gas", "cordon", on="cordon")

    assert numbers(fill(openings(PLAN, 1), [both])) == [None, 1]
    assert open_task(openings(PLAN, 1), [both], ["gas"]) == REPAIR
    assert open_task(openings(PLAN, 1), [both], ["cordon"]) is None


def test_where_one_crew_is_enough_whoever_was_sent_is_that_crew() -> None:
    """The desk sent it knowing its skills, as it did before there were plans."""
    water = order(1, "water")

    assert numbers(fill([REPAIR], [water])) == [1]
    assert numbers(fill([REPAIR, CORDON], [water])) == [None, None]


@pytest.mark.parametrize(
    ("state", "effect", "expected"),
    [
        (AssignmentState.OFFERED, None, Fill.ASKED),
        (AssignmentState.ACCEPTED, None, Fill.COMING),
        (AssignmentState.EN_ROUTE, None, Fill.COMING),
        (AssignmentState.ON_SCENE, None, Fill.ON_SCENE),
        (AssignmentState.COMPLETED, DONE, Fill.DONE),
        (AssignmentState.COMPLETED, LATER, Fill.DONE),
        (AssignmentState.COMPLETED, NOT, Fill.MISSING),
        (AssignmentState.DECLINED, None, Fill.MISSING),
        (AssignmentState.EXPIRED, None, Fill.MISSING),
        (AssignmentState.WITHDRAWN, None, Fill.MISSING),
    ],
)
def test_an_opening_is_filled_as_far_as_its_order_is(
    state: AssignmentState, effect: Effect | None, expected: Fill
) -> None:
    """What was not done, declined or taken back leaves it missing."""
    (filled,) = fill([REPAIR], [order(1, "gas", on="repair", state=state, effect=effect)])

    assert fill_state(filled) is expected


SKILLS = ("gas", "cordon", "excavator")
skill_sets = st.sets(st.sampled_from(SKILLS)).map(lambda each: tuple(sorted(each)))
tasks = st.builds(lambda n, skills: task(f"t{n}", *skills), st.integers(0, 3), skill_sets)
orders_given = st.lists(
    st.builds(
        lambda on, state, skills: (on, state, skills),
        st.sampled_from([None, "t0", "t1", "gone"]),
        st.sampled_from(list(AssignmentState)),
        skill_sets,
    ),
    max_size=4,
)


@given(st.lists(tasks, min_size=2, max_size=4), orders_given)
def test_as_many_openings_are_filled_as_can_be(
    needed: list[Task], given_orders: list[tuple[str | None, AssignmentState, tuple[str, ...]]]
) -> None:
    """Oracle: try every way of giving the orders without an opening of their own to the rest."""
    orders = [
        order(n, *skills, on=on, state=state, effect=DONE if state == "completed" else None)
        for n, (on, state, skills) in enumerate(given_orders)
    ]

    filled = fill(needed, orders)

    used = [each for each in filled if each]
    assert len({each.assignment_id for each in used}) == len(used)
    assert all(is_filled_by(each) for each in used)
    for wanted, each in zip(needed, filled, strict=True):
        assert each is None or each.task == wanted.code or fits(each.skills, wanted)
    own = {code: [t.code for t in needed].count(code) for code in {t.code for t in needed}}
    live_first = sorted(
        (each for each in orders if is_filled_by(each)),
        key=lambda each: (each.state not in LIVE_STATES, each.assignment_id),
    )
    rest, places = [], list(needed)
    for each in live_first:
        if each.task is not None and own.get(each.task, 0):
            own[each.task] -= 1
            places.remove(next(t for t in places if t.code == each.task))
        else:
            rest.append(each)
    most = max(
        sum(
            each is not None and fits(each.skills, place)
            for each, place in zip(way, places, strict=False)
        )
        for way in permutations([*rest, *[None] * len(places)], len(places))
    )
    assert len(used) == len(needed) - len(places) + most


costs = st.one_of(st.just(math.inf), st.integers(0, 30).map(float))


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.integers(0, 5).flatmap(
            lambda m: st.lists(st.lists(costs, min_size=m, max_size=m), min_size=n, max_size=n).map(
                lambda rows: (m, rows)
            )
        )
    )
)
def test_the_best_set_is_that_of_trying_all_sets(case: tuple[int, list[list[float]]]) -> None:
    """As many as possible, the first openings before the others, then the least sum."""
    m, rows = case
    n = len(rows)

    def judged(chosen: tuple[int | None, ...]) -> tuple[int, tuple[bool, ...], float, float]:
        taken = [(n - i, rows[i][j]) for i, j in enumerate(chosen) if j is not None]
        cost, first = sum(cost for _, cost in taken), sum(weight * cost for weight, cost in taken)
        return sum(j is None for j in chosen), tuple(j is None for j in chosen), cost, first

    ways = [
        way
        for way in product([None, *range(m)], repeat=n)
        if len({j for j in way if j is not None}) == sum(j is not None for j in way)
        and all(j is None or math.isfinite(rows[i][j]) for i, j in enumerate(way))
    ]

    chosen = tuple(best_set(cost_matrix(rows, m)))

    assert chosen in ways
    assert judged(chosen) == min(judged(way) for way in ways)


def test_the_crew_that_can_do_both_goes_where_it_is_needed() -> None:
    """A is nearest for both; but without A the second task waits for C: 4 + 3 beats 3 + 20."""
    #              A    B    C
    repair = [3.0, 4.0, np.inf]
    cordon = [3.0, np.inf, 20.0]

    assert best_set(cost_matrix([repair, cordon], 3)) == [1, 0]


ends = st.lists(st.tuples(st.sampled_from(list(Effect)), st.booleans()), max_size=5)


@given(ends)
def test_nothing_turns_green_that_the_lead_has_not_done(said: list[tuple[Effect, bool]]) -> None:
    """Done needs a leading crew whose last word is not "not done", and nobody's as the last."""
    decided = decided_effect(said)

    leading = [effect for effect, leads in said if leads]
    if decided in {DONE, LATER}:
        assert leading
        assert leading[-1] is not NOT
        assert said[-1][0] is not NOT
    if decided is DONE:
        assert LATER not in [effect for effect, _ in said]
    if all(leads for _, leads in said):
        assert decided is standing_effect(leading)


def test_a_cordon_that_is_set_up_repairs_nothing() -> None:
    """The supporting crew's "done" leaves it open, also after the lead could not get in."""
    assert decided_effect([(DONE, False)]) is None
    assert decided_effect([(NOT, True), (DONE, False)]) is NOT
    assert decided_effect([(DONE, False), (DONE, True)]) is DONE


def test_only_the_leads_end_counts_where_several_are_needed() -> None:
    """Where one crew is enough, whoever did the work has done it."""
    assert decisive(LEAD, [REPAIR, CORDON])
    assert not decisive(SUPPORT, [REPAIR, CORDON])
    assert decisive(SUPPORT, [REPAIR])
