"""What a simulated crew does next, played against a board kept by hand."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.positions.fix_rules import Fix
from dispatch.positions.fix_rules import refusal
from scripts.simulator.driver import Driver
from scripts.simulator.plan import AskWay
from scripts.simulator.plan import Habit
from scripts.simulator.plan import Home
from scripts.simulator.plan import Manners
from scripts.simulator.trip import distance_m
from tests.examples import examples
from tests.scripts.simulator_world import DRIVE_S
from tests.scripts.simulator_world import ELSEWHERE
from tests.scripts.simulator_world import STATION
from tests.scripts.simulator_world import chance
from tests.scripts.simulator_world import world


def test_an_order_is_taken_driven_to_worked_on_and_finished() -> None:
    """2 to 6 s to answer, 1 to 3 to set out, the way's 100 s, 20 to 40 of work."""
    scene = world()
    scene.offer()

    scene.live(160)

    times_s = [moment_s for moment_s, _ in scene.acts]
    waits_s = [later - earlier for earlier, later in zip([1, *times_s], times_s, strict=False)]
    assert scene.done() == ["accept", "depart", "arrive", "complete"]
    # Time goes by whole seconds here, so each wait may be one longer than meant.
    for waited_s, (least_s, most_s) in zip(
        waits_s, [(2, 6), (1, 3), (100, 101), (20, 40)], strict=True
    ):
        assert least_s <= waited_s <= most_s + 1
    assert scene.told[-1].outcome == "repaired"
    assert scene.told[-1].result


@given(seed=st.integers(0, 10_000), pace=st.floats(0.2, 20), habit=st.sampled_from(Habit))
def test_whatever_the_chances_an_order_ends_as_it_should(
    seed: int, pace: float, habit: Habit
) -> None:
    """Declined, or done step by step; nothing is asked for twice."""
    scene = world(habit, seed=seed, pace=pace)
    scene.live(seed % 200)  # anywhere on a patrol
    scene.offer(1)
    scene.live(int(200 / pace) + 110)
    scene.offer(2)
    scene.live(int(200 / pace) + 110)

    whole = ["accept", "depart", "arrive", "complete"]
    assert scene.done() in (whole + whole, [*whole, "decline"])


@given(
    pace=st.floats(0.2, 20), beats_s=st.lists(st.integers(1, 20), min_size=20), seed=st.integers()
)
def test_at_any_pace_the_console_believes_every_fix_however_many_beats_are_missed(
    pace: float, beats_s: list[int], seed: int
) -> None:
    """One fix that went too far too fast would be refused, and all of that drive after it."""
    scene = world(Habit.PATROLS, seed=seed, pace=pace)
    scene.live(2)
    scene.offer()
    begun_at = datetime(2026, 1, 1, tzinfo=UTC)
    latest: Fix | None = None
    for beat_s in beats_s:
        scene.live(beat_s)
        now = begun_at + timedelta(seconds=scene.now_s)
        fix = Fix(1, now, *scene.here())
        assert refusal(fix, latest, now) is None
        latest = fix


def test_a_crew_pulls_over_while_it_answers() -> None:
    """The travel time that it was chosen by is from where it is now."""
    scene = world(Habit.PATROLS)
    while not scene.asked:
        scene.live(1)
    scene.live(20)

    scene.offer()
    scene.live(1)
    rung_at = scene.here()
    scene.live(2)

    assert scene.here() == rung_at
    assert distance_m(rung_at, STATION) > 10


def test_an_order_that_no_road_leads_to_is_declined_with_that_reason() -> None:
    """Accepting it would leave the caller waiting for ever."""
    scene = world()
    scene.roads = False
    scene.offer()

    scene.live(10)

    assert scene.done() == ["decline"]
    assert "No road" in (scene.told[0].reason or "")


def test_the_first_order_is_always_taken() -> None:
    """Even by a crew that would decline every time."""
    scene = world(manners=Manners(decline_share=1.0))
    scene.offer(1)
    scene.live(200)
    scene.offer(2)
    scene.live(10)

    assert scene.done() == ["accept", "depart", "arrive", "complete", "decline"]


def test_nobody_declines_when_nobody_else_is_idle() -> None:
    """There would be nobody to send instead."""
    scene = world(manners=Manners(decline_share=1.0))
    scene.sight = replace(scene.sight, alone=True)
    for number in range(3):
        scene.offer(number)
        scene.live(200)

    assert "decline" not in scene.done()


def test_an_order_withdrawn_on_the_way_ends_the_drive_there() -> None:
    """The crew stands where it heard of it, and then goes home."""
    scene = world()
    scene.offer()
    while "depart" not in scene.done():
        scene.live(1)
    scene.live(50)

    scene.withdraw()
    scene.live(1)
    stopped_at = scene.here()
    scene.live(5)

    assert scene.here() == stopped_at
    assert distance_m(stopped_at, STATION) > 300
    scene.live(200)
    assert distance_m(scene.here(), STATION) <= 110
    assert scene.done() == ["accept", "depart"]


def test_a_waiting_order_is_answered_at_once_and_begun_when_it_is_its_turn() -> None:
    """Accepting needs no driving; the drive to the first goes on meanwhile."""
    scene = world()
    scene.offer(1)
    while "depart" not in scene.done():
        scene.live(1)

    scene.offer(2, rank=1)
    scene.live(400)

    assert scene.done() == [
        *("accept", "depart", "accept", "arrive", "complete"),
        *("depart", "arrive", "complete"),
    ]
    assert scene.acts[3][0] - scene.acts[1][0] == pytest.approx(DRIVE_S, abs=2)


def test_a_crew_with_a_person_at_its_page_is_left_alone() -> None:
    """No position, no answer, whatever rings."""
    scene = world()
    scene.live(5)
    scene.sight = replace(scene.sight, human=True)
    scene.offer()

    scene.live(60)

    assert scene.done() == []
    assert scene.driver.whereabouts(scene.now_s) is None


def test_it_goes_on_from_where_the_person_left_it() -> None:
    """In the middle of the order, too."""
    scene = world()
    scene.sight = replace(scene.sight, human=True)
    scene.offer()
    scene.live(10)

    on_the_way = (replace(scene.sight.orders[0], state="en_route"),)
    scene.sight = replace(scene.sight, human=False, lonlat=ELSEWHERE, orders=on_the_way)
    scene.live(1)

    assert scene.here() == ELSEWHERE
    scene.live(150)
    assert scene.done() == ["arrive", "complete"]


def test_a_person_who_was_in_another_country_leaves_the_crew_at_its_station() -> None:
    """A real phone at the demo's crew page reports where it really is."""
    scene = world(lonlat=(116.4, 39.9))

    scene.live(1)

    assert scene.here() == STATION


def test_after_a_restart_it_goes_on_with_what_the_board_shows() -> None:
    """A driver that remembers nothing finishes the order that another began."""
    scene = world(lonlat=ELSEWHERE)
    scene.offer()
    working = replace(scene.sight.orders[0], state="on_scene")
    scene.sight = replace(scene.sight, orders=(working,))

    scene.live(45)

    assert scene.done() == ["complete"]


def test_off_duty_the_tracker_is_off_and_on_a_break_it_is_not() -> None:
    """Nobody patrols then either."""
    scene = world(Habit.PATROLS)
    scene.live(5)

    scene.sight = replace(scene.sight, duty="on_break")
    scene.live(100)
    on_break = scene.driver.whereabouts(scene.now_s)
    scene.sight = replace(scene.sight, duty="off_duty")
    scene.live(100)

    assert on_break is not None
    assert on_break.speed_mps == 0
    assert scene.driver.whereabouts(scene.now_s) is None
    assert scene.asked == []


def test_going_off_duty_does_not_drop_an_order() -> None:
    """An order outranks the duty switch, for people too."""
    scene = world()
    scene.offer()
    scene.sight = replace(scene.sight, duty="off_duty")

    scene.live(160)

    assert scene.done()[-1] == "complete"
    assert scene.driver.whereabouts(scene.now_s) is None


@examples(20)
@given(seed=st.integers(0, 1_000))
def test_patrols_stay_within_a_few_kilometres_and_on_the_map(seed: int) -> None:
    """Also when the station is at the edge of it."""
    scene = world(Habit.PATROLS, seed=seed)
    corner = Home(STATION, (7.40, 43.70, 7.5, 43.8), Habit.PATROLS)
    scene.driver = Driver(corner, chance(seed), Manners())

    scene.live(600)

    targets = [step.target for step in scene.asked if isinstance(step, AskWay)]
    # A drive of 100 s and a rest of at most 60: at least three in ten minutes.
    assert len(targets) >= 3
    assert all(distance_m(STATION, target) <= 3_001 for target in targets)
    assert all(corner.contains(target) for target in targets)


def test_a_patrol_that_finds_no_road_looks_elsewhere_soon() -> None:
    """Much of a city by the sea is sea: it does not rest a minute after each try."""
    scene = world(Habit.PATROLS)
    scene.roads = False

    scene.live(100)

    assert len(scene.asked) > 15


def test_who_stands_at_the_station_stays_there() -> None:
    """Half of the crews: the board is calm, and somebody is always at home."""
    scene = world(Habit.STANDS)

    scene.live(1_000)

    assert scene.asked == []
    assert scene.here() == STATION


def test_the_same_seed_gives_the_same_day() -> None:
    """A demonstration can be repeated."""
    days = []
    for _ in range(2):
        scene = world(Habit.PATROLS, seed=7)
        scene.live(300)
        scene.offer()
        scene.live(300)
        days.append((scene.acts, scene.asked, scene.here()))

    assert days[0] == days[1]


def test_a_persons_crew_keeps_its_place_while_its_phone_tells_none() -> None:
    """Only once its fix grows old, only in this city, and not while it is off duty."""
    scene = world()
    scene.live(1)
    shown = replace(scene.sight, human=True, lonlat=ELSEWHERE)

    def told(**sight: object) -> object:
        scene.sight = replace(shown, **sight)  # type: ignore[arg-type]
        scene.live(1)
        here = scene.driver.whereabouts(scene.now_s)
        return here.lonlat if here else None

    assert told(fix_age_s=61.0) == ELSEWHERE
    assert told(fix_age_s=1.0) is None
    assert told(fix_age_s=61.0, duty="off_duty") is None
    assert told(fix_age_s=61.0, lonlat=(13.4, 52.5)) is None
    assert told(fix_age_s=None, lonlat=None) is None
