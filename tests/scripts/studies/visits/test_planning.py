"""Day plans: small days by hand, random days against an independent check."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.studies.visits.appointments import Break
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.day_times import DayTimes
from scripts.studies.visits.impossible import find_impossible
from scripts.studies.visits.plan_check import find_faults
from scripts.studies.visits.planning import Effort
from scripts.studies.visits.planning import plan_visits
from scripts.studies.visits.plans import Plan
from tests.examples import examples
from tests.scripts.studies.visits.towns import straight_times

QUICK = Effort(iterations=150)
HOUR_S = 3600
ALL_DAY = (Window(0, 10 * HOUR_S),)


def _times(visits: list[Visit], crews: list[Crew]) -> DayTimes:
    places: list[LonLat] = [visit.lonlat for visit in visits]
    for crew in crews:
        places += [crew.start, *([crew.end] if crew.end else [])]
        places += [crew.pause.lonlat] if crew.pause else []
    return straight_times(places)


def _plan(visits: list[Visit], crews: list[Crew], effort: Effort = QUICK) -> Plan:
    times = _times(visits, crews)
    plan = plan_visits(visits, crews, times, effort)
    assert find_faults(plan, visits, crews, times) == []
    return plan


def _names(plan: Plan) -> list[list[str | None]]:
    return [[stop.name for stop in tour.stops] for tour in plan.tours]


def test_windows_decide_the_order_and_a_crew_waits_for_them() -> None:
    """The farther visit first, since its window closes; arrival times by hand."""
    # start 0 --1000 m-- near --1000 m-- far: 100 s each
    far = Visit("far", (2000.0, 0.0), 600, (Window(0, 300),))
    near = Visit("near", (1000.0, 0.0), 300, (Window(2000, 3000),))
    crew = Crew("A", (0.0, 0.0), 0, HOUR_S, end=(0.0, 0.0))

    plan = _plan([near, far], [crew])

    assert _names(plan) == [["far", "near"]]
    first, second = plan.tours[0].stops
    assert (first.arrive_s, first.begin_s, first.end_s) == (200, 200, 800)
    assert (second.arrive_s, second.begin_s, second.end_s) == (900, 2000, 2300)  # waits 1 100 s
    assert (plan.tours[0].home_s, plan.drive_s) == (2400, 200 + 100 + 100)


def test_only_who_has_the_skill_goes_though_another_is_next_door() -> None:
    """And a fixed crew goes itself."""
    gas = Visit("gas", (100.0, 0.0), 60, ALL_DAY, frozenset({"gas"}))
    fixed = Visit("fixed", (9000.0, 0.0), 60, ALL_DAY, crew="near")
    near = Crew("near", (0.0, 0.0), 0, 10 * HOUR_S, frozenset({"water"}))
    far = Crew("far", (9000.0, 0.0), 0, 10 * HOUR_S, frozenset({"gas", "water"}))

    assert _names(_plan([gas, fixed], [near, far])) == [["fixed"], ["gas"]]


def test_an_open_end_saves_the_way_home() -> None:
    """Where a crew has an end place, the way there counts."""
    visit = Visit("v", (1000.0, 0.0), 60, ALL_DAY)
    home = Crew("A", (0.0, 0.0), 0, 10 * HOUR_S, end=(0.0, 0.0))

    assert _plan([visit], [home]).drive_s == 200
    assert _plan([visit], [replace(home, end=None)]).drive_s == 100


def test_a_break_is_taken_at_its_place_and_in_its_time() -> None:
    """The crew drives there: breaks are no jumps across the city."""
    # 0 --100 s-- a; break at the start between 1 000 and 2 500 s; a 2nd visit beyond
    one = Visit("one", (1000.0, 0.0), 600, (Window(0, 500),))
    two = Visit("two", (1000.0, 0.0), 600, (Window(2000, 5000),))
    pause = Break((0.0, 0.0), 900, 1000, 2500)
    crew = Crew("A", (0.0, 0.0), 0, 2 * HOUR_S, end=(0.0, 0.0), pause=pause)

    plan = _plan([one, two], [crew])

    assert _names(plan) == [["one", None, "two"]]
    stop = plan.tours[0].stops[1]
    assert (stop.arrive_s, stop.begin_s, stop.end_s) == (800, 1000, 1900)
    assert plan.drive_s == 4 * 100


def test_a_break_that_is_over_is_told_and_not_planned() -> None:
    """A crew that is free too late for it."""
    pause = Break((0.0, 0.0), 900, 0, 1000)
    crew = Crew("A", (0.0, 0.0), 500, 2 * HOUR_S, pause=pause)

    plan = _plan([Visit("v", (10.0, 0.0), 60, ALL_DAY)], [crew])

    assert plan.missed_breaks == ("A",)
    assert _names(plan) == [["v"]]


def test_of_two_that_exclude_each_other_the_less_urgent_is_dropped() -> None:
    """Though it is nearer."""
    near = Visit("near", (100.0, 0.0), 600, (Window(0, 500),), priority=3)
    far = Visit("far", (4000.0, 0.0), 600, (Window(0, 500),), priority=2)
    crew = Crew("A", (0.0, 0.0), 0, HOUR_S)

    plan = _plan([near, far], [crew])

    assert (_names(plan), plan.dropped) == ([["far"]], ("near",))


def test_one_of_several_windows_is_used() -> None:
    """The later, where the earlier is taken by another."""
    early = Visit("early", (0.0, 100.0), 900, (Window(0, 100),))
    either = Visit("either", (0.0, 200.0), 900, (Window(0, 100), Window(5000, 6000)))

    plan = _plan([early, either], [Crew("A", (0.0, 0.0), 0, 3 * HOUR_S)])

    assert [stop.begin_s for stop in plan.tours[0].stops] == [10, 5000]


def test_a_crew_starts_where_and_when_it_is_free() -> None:
    """What it has done before is no part of the plan."""
    crew = Crew("A", (5000.0, 0.0), 1800, 2 * HOUR_S)
    visit = Visit("v", (5100.0, 0.0), 60, ALL_DAY)

    stop = _plan([visit], [crew]).tours[0].stops[0]

    assert (stop.drive_s, stop.begin_s) == (10, 1810)


@pytest.mark.parametrize(
    ("visit", "reason"),
    [
        (Visit("v", (0.0, 0.0), 60, ALL_DAY, frozenset({"power"})), "no_skill"),
        (Visit("v", (0.0, 0.0), 60, ALL_DAY, crew="Z"), "crew_absent"),
        (Visit("v", (0.0, 0.0), 60, ALL_DAY, frozenset({"gas"}), crew="B"), "crew_lacks_skill"),
        (Visit("v", (77.0, 0.0), 60, ALL_DAY), "unreachable"),
        (Visit("v", (9000.0, 0.0), 60, (Window(0, 899),)), "no_time"),  # 900 s away
        (Visit("v", (0.0, 0.0), 2 * HOUR_S, ALL_DAY), "no_time"),  # longer than any shift
        (Visit("v", (9000.0, 0.0), 60, (Window(0, 900),)), None),
    ],
)
def test_an_impossible_visit_is_named_with_its_reason(visit: Visit, reason: str | None) -> None:
    """Before anything is planned."""
    crews = [
        Crew("A", (0.0, 0.0), 0, HOUR_S, frozenset({"gas"})),
        Crew("B", (0.0, 0.0), 0, HOUR_S),
    ]
    times = straight_times([visit.lonlat, (0.0, 0.0)], cut_off=frozenset({(77.0, 0.0)}))

    found = find_impossible([visit], crews, times)

    assert [one.reason for one in found] == ([] if reason is None else [reason])


_PLACES = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(
    lambda at: (100.0 * at[0], 100.0 * at[1])
)
_SKILLS = st.frozensets(st.sampled_from(["gas", "water"]))


@st.composite
def _windows(draw: st.DrawFn) -> Window:
    begin = draw(st.integers(0, 8 * HOUR_S))
    return Window(begin, begin + draw(st.integers(0, 3 * HOUR_S)))


_VISITS = st.builds(
    Visit,
    st.just(""),
    _PLACES,
    st.integers(0, HOUR_S),
    st.lists(_windows(), min_size=1, max_size=2).map(tuple),
    _SKILLS,
    st.integers(1, 5),
    st.sampled_from([None, None, "0"]),
)


@st.composite
def _crews(draw: st.DrawFn) -> Crew:
    free_s = draw(st.integers(0, 4 * HOUR_S))
    pause = draw(st.none() | st.builds(Break, _PLACES, st.just(900), st.just(9000), st.just(14000)))
    end = draw(st.none() | _PLACES)
    return Crew("", draw(_PLACES), free_s, free_s + 5 * HOUR_S, draw(_SKILLS), end, pause)


@examples(20)
@given(visits=st.lists(_VISITS, max_size=12), crews=st.lists(_crews(), min_size=1, max_size=3))
def test_no_plan_breaks_a_promise(visits: list[Visit], crews: list[Crew]) -> None:
    """Whatever was asked; and what is neither planned nor dropped was named beforehand."""
    visits = [replace(one, name=str(number)) for number, one in enumerate(visits)]
    crews = [replace(one, name=str(number)) for number, one in enumerate(crews)]
    times = _times(visits, crews)
    impossible = {one.name for one in find_impossible(visits, crews, times)}
    asked = [visit for visit in visits if visit.name not in impossible]

    plan = plan_visits(asked, crews, times, QUICK)

    assert find_faults(plan, asked, crews, times) == []
    for visit in visits:
        if visit.name in impossible:
            alone = plan_visits([visit], crews, times, QUICK)
            assert alone.dropped == (visit.name,)


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    """On any machine; what took how long is beside it."""
    visits = [Visit(str(n), (700.0 * (n % 7), 900.0 * (n % 5)), 300, ALL_DAY) for n in range(25)]
    crews = [Crew(name, (0.0, 0.0), 0, 2 * HOUR_S, end=(0.0, 0.0)) for name in "AB"]

    first, again = _plan(visits, crews), _plan(visits, crews)

    assert (first.tours, first.dropped) == (again.tours, again.dropped)


def test_the_check_finds_what_is_wrong() -> None:
    """A plan with one fault of each kind."""
    gas = Visit("gas", (1000.0, 0.0), 600, (Window(0, 500),), frozenset({"gas"}))
    crew = Crew("A", (0.0, 0.0), 0, 1500, frozenset({"gas"}), end=(0.0, 0.0))
    times = _times([gas], [crew])
    plan = plan_visits([gas], [crew], times, QUICK)
    tour = plan.tours[0]
    stop = tour.stops[0]

    def faults(changed: Plan, to: Crew = crew, of: Visit = gas) -> list[str]:
        return find_faults(changed, [of], [to], times)

    def with_stop(**changes: int) -> Plan:
        stops = (replace(stop, **changes),)  # type: ignore[arg-type] # whole numbers only
        return replace(plan, tours=(replace(tour, stops=stops),))

    assert faults(plan) == []
    assert faults(plan, to=replace(crew, skills=frozenset())) == ["A lacks a skill for gas"]
    assert faults(plan, of=replace(gas, crew="B")) == ["A makes gas, which is B's"]
    assert faults(plan, to=replace(crew, until_s=700)) == ["A works after its shift"]
    assert faults(plan, of=replace(gas, windows=(Window(0, 50),))) == [
        "gas begins outside its windows"
    ]
    assert faults(plan, of=replace(gas, duration_s=601)) == [
        "gas is another visit than was asked for"
    ]
    assert "A has 99 s for a drive of 100.0 s" in faults(with_stop(arrive_s=99))
    assert "A begins before it arrives" in faults(with_stop(arrive_s=101))
    assert faults(replace(plan, dropped=("gas",))) == ["gas is planned or dropped 2 times"]
    assert faults(plan, to=replace(crew, pause=Break((0.0, 0.0), 60, 0, 999))) == [
        "A takes 0 breaks instead of 1"
    ]
