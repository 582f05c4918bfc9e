"""Who is recommended, and why not the others."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignments.states import AssignmentState
from dispatch.crews.states import Duty
from dispatch.reach.states import Channel
from dispatch.reach.states import Reachable
from dispatch.sending.policy import CrewFacts
from dispatch.sending.policy import Order
from dispatch.sending.policy import SkillGap
from dispatch.sending.policy import Verdict
from dispatch.sending.policy import free_in_s
from dispatch.sending.policy import judge
from dispatch.sending.policy import skill_gap

STALE_S = 300.0


def crew(crew_id: int, travel_time_s: float | None, **facts: object) -> CrewFacts:
    """Return an on-duty crew with a fresh fix one kilometre away."""
    known: dict[str, object] = {
        "duty": Duty.ON_DUTY,
        "fix_age_s": 5.0,
        "distance_m": 1000.0,
        **facts,
    }
    return CrewFacts(crew_id=crew_id, travel_time_s=travel_time_s, **known)  # type: ignore[arg-type]  # keywords of the test


def verdicts(*crews: CrewFacts) -> dict[int, tuple[Verdict, tuple[str, ...]]]:
    """Return verdict and reasons by crew."""
    return {
        each.facts.crew_id: (each.verdict, each.reasons)
        for each in judge(crews, stale_fix_s=STALE_S)
    }


def test_the_crew_that_arrives_first_is_recommended() -> None:
    """Of two idle crews the shorter way wins."""
    actual = verdicts(crew(1, 420), crew(2, 300))

    assert actual == {
        2: (Verdict.RECOMMENDED, ("fastest",)),
        1: (Verdict.POSSIBLE, ()),
    }


def test_a_shorter_straight_line_never_decides() -> None:
    """The crew across the river is near and late."""
    actual = verdicts(crew(1, 900, distance_m=200.0), crew(2, 300, distance_m=2500.0))

    assert actual[2][0] is Verdict.RECOMMENDED


def test_within_a_minute_the_crew_with_fewer_orders_today_is_recommended() -> None:
    """300 s with four orders against 360 s with one: exactly 60 s apart still counts as equal."""
    actual = verdicts(crew(1, 300, orders_today=4), crew(2, 360, orders_today=1))

    assert actual[2] == (Verdict.RECOMMENDED, ("fewer_orders_today",))


def test_beyond_a_minute_the_faster_crew_wins_whatever_it_did_today() -> None:
    """300 s against 361 s."""
    actual = verdicts(crew(1, 300, orders_today=9), crew(2, 361))

    assert actual[1] == (Verdict.RECOMMENDED, ("fastest",))


def test_an_arrival_is_a_range_where_it_cannot_honestly_be_a_figure() -> None:
    """Standing: 300 s. Driving, fix 90 s old: 300 +- 90. Busy for 1200 s: 1260 +- 600."""
    at_work = Order(AssignmentState.ON_SCENE, work_s=1800, on_scene_s=600)

    actual = judge(
        [
            crew(1, 300, fix_age_s=90.0, speed_mps=0.3),
            crew(2, 300, fix_age_s=90.0, speed_mps=9.0),
            crew(3, 60, fix_age_s=90.0, speed_mps=9.0, orders=[at_work]),
            crew(4, 30, fix_age_s=90.0, speed_mps=9.0),
            crew(5, None),
        ],
        stale_fix_s=STALE_S,
    )

    assert {each.facts.crew_id: each.arrival_range_s for each in actual} == {
        1: (300, 300),
        2: (210, 390),
        3: (660, 1860),
        4: (0, 120),
        5: (math.inf, math.inf),
    }


def test_a_busy_crew_next_door_can_lose_to_an_idle_one_across_town() -> None:
    """Busy: 1800 - 600 worked = 1200 left, + 60 way = 1260 s; idle: 900 s."""
    order = Order(AssignmentState.ON_SCENE, work_s=1800, on_scene_s=600)

    actual = judge([crew(1, 60, orders=[order]), crew(2, 900)], stale_fix_s=STALE_S)

    assert [(each.facts.crew_id, each.arrival_s) for each in actual] == [(2, 900), (1, 1260)]
    assert actual[0].verdict is Verdict.RECOMMENDED
    assert "busy" in actual[1].reasons


def test_work_over_its_time_still_takes_five_minutes() -> None:
    """1800 s of work, 4000 s on scene: 300 s left, not zero and not negative."""
    order = Order(AssignmentState.ON_SCENE, work_s=1800, on_scene_s=4000)

    assert free_in_s([order]) == 300


def test_queued_work_counts_with_the_way_between() -> None:
    """On its way 120 s + 1800 work, then 240 s between + 600 work = 2760 s."""
    first = Order(AssignmentState.EN_ROUTE, work_s=1800, eta_s=120)
    second = Order(AssignmentState.OFFERED, work_s=600, leg_s=240)

    assert free_in_s([first, second]) == 2760


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"duty": Duty.OFF_DUTY}, "off_duty"),
        ({"duty": Duty.ON_BREAK}, "on_break"),
        ({"fix_age_s": 301.0}, "stale_fix"),
        ({"already_assigned": True}, "already_assigned"),
        ({"declined_before": True}, "declined_before"),
        ({"skill_gap": SkillGap.LACKING}, "lacks_skill"),
        ({"skill_gap": SkillGap.UNRECORDED}, "skills_unknown"),
    ],
)
def test_who_cannot_be_sent_is_listed_with_the_reason(
    facts: dict[str, object], reason: str
) -> None:
    """Excluded crews stay in the list, behind the others."""
    actual = judge([crew(1, 10, **facts), crew(2, 900)], stale_fix_s=STALE_S)

    assert [each.facts.crew_id for each in actual] == [2, 1]
    assert actual[1].verdict is Verdict.EXCLUDED
    assert actual[1].reasons == (reason,)


@pytest.mark.parametrize(
    ("needed", "recorded", "suffice", "expected"),
    [
        ([], (), False, None),
        ([()], (), False, None),
        ([("gas",)], ("water", "gas"), False, None),
        ([("gas",)], ("water",), False, SkillGap.LACKING),
        ([("gas",)], ("water",), True, SkillGap.LACKING),
        ([("gas",)], (), False, SkillGap.UNRECORDED),
        ([("gas",)], (), True, None),
        ([("gas", "ticket")], ("gas",), False, SkillGap.LACKING),
        ([("gas",), ("cordon",)], ("cordon",), False, None),
    ],
)
def test_a_skill_is_there_when_it_is_recorded(
    needed: list[tuple[str, ...]],
    recorded: tuple[str, ...],
    suffice: bool,  # noqa: FBT001  (a column of the table)
    expected: SkillGap | None,
) -> None:
    """Nothing recorded is not everything, unless the company says so."""
    assert skill_gap(needed, recorded, unrecorded_suffice=suffice) is expected


def test_unreachable_and_off_road_are_told_apart() -> None:
    """Both take forever, for different reasons."""
    actual = verdicts(crew(1, math.inf), crew(2, math.inf, off_road=True))

    assert actual == {
        1: (Verdict.EXCLUDED, ("unreachable",)),
        2: (Verdict.EXCLUDED, ("off_road",)),
    }


def test_without_road_times_nobody_is_recommended_and_the_nearest_leads() -> None:
    """Straight distance orders the list; it does not decide."""
    actual = judge(
        [crew(1, None, distance_m=900.0), crew(2, None, distance_m=400.0)], stale_fix_s=STALE_S
    )

    assert [(each.facts.crew_id, each.verdict) for each in actual] == [
        (2, Verdict.POSSIBLE),
        (1, Verdict.POSSIBLE),
    ]
    assert actual[0].reasons == ("no_road_time",)


CREWS = st.builds(
    CrewFacts,
    crew_id=st.integers(0, 10**6),
    duty=st.sampled_from(Duty),
    fix_age_s=st.floats(0, 600),
    distance_m=st.floats(0, 10_000),
    travel_time_s=st.none() | st.floats(0, 5_000) | st.just(math.inf),
    orders_today=st.integers(0, 9),
    already_assigned=st.booleans(),
)


@given(st.lists(CREWS, max_size=12, unique_by=lambda each: each.crew_id))
def test_everybody_is_listed_once_and_the_recommended_is_within_a_minute_of_the_best(
    crews: list[CrewFacts],
) -> None:
    """Whatever the crews: at most one recommended, and exactly one when anyone can come."""
    actual = judge(crews, stale_fix_s=STALE_S)

    assert sorted(each.facts.crew_id for each in actual) == sorted(each.crew_id for each in crews)
    able = [
        each
        for each in actual
        if each.verdict is not Verdict.EXCLUDED and math.isfinite(each.arrival_s)
    ]
    recommended = [each for each in actual if each.verdict is Verdict.RECOMMENDED]
    assert len(recommended) == min(len(able), 1)
    if recommended:
        best_s = min(each.arrival_s for each in able)
        close = [each for each in able if each.arrival_s <= best_s + 60]
        assert recommended[0] in close
        fewest = min(each.facts.orders_today for each in close)
        assert recommended[0].facts.orders_today == fewest


CLOSED, MUTE = Reachable(), Reachable((Channel.PAGE_MUTE,))


def test_a_crew_that_an_order_reaches_goes_before_one_that_it_does_not() -> None:
    """300 s unreached against 480 s reached: 180 s apart still counts; 481 s does not."""
    within = verdicts(crew(1, 300, reachable=CLOSED), crew(2, 480))
    beyond = verdicts(crew(1, 300, reachable=CLOSED), crew(2, 481))

    assert within[2] == (Verdict.RECOMMENDED, ("fastest_reachable",))
    assert within[1] == (Verdict.POSSIBLE, ("not_reachable",))
    assert beyond[1] == (Verdict.RECOMMENDED, ("fastest", "not_reachable"))


def test_a_mute_phone_is_better_than_none_and_worse_than_one_that_rings() -> None:
    """All within three minutes of the first; a tracker tells a crew nothing."""
    tracked = crew(1, 100, reachable=Reachable((Channel.TRACKER,)))
    mute = crew(2, 150, reachable=MUTE)

    assert verdicts(tracked, mute)[2] == (
        Verdict.RECOMMENDED,
        ("fastest_reachable", "phone_mute"),
    )
    assert verdicts(tracked, mute, crew(3, 200))[3][0] is Verdict.RECOMMENDED
    assert verdicts(tracked)[1] == (Verdict.RECOMMENDED, ("fastest",))


def test_among_crews_reached_alike_the_one_with_fewer_orders_still_goes() -> None:
    """200 s with four orders, 260 s with one; the unreached one of 100 s is out of it."""
    actual = verdicts(
        crew(1, 100, reachable=CLOSED), crew(2, 200, orders_today=4), crew(3, 260, orders_today=1)
    )

    assert actual[3] == (Verdict.RECOMMENDED, ("fewer_orders_today",))


def test_of_a_crew_off_duty_it_is_not_said_that_its_page_is_closed() -> None:
    """Nobody expects it to be open."""
    actual = verdicts(crew(1, 100, duty=Duty.OFF_DUTY, reachable=CLOSED))

    assert actual[1] == (Verdict.EXCLUDED, ("off_duty",))
