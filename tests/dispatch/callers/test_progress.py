"""What callers are told of a case: honest, in the order of things, nothing unsafe as finished."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from dispatch.callers.progress import Facts
from dispatch.callers.progress import Order
from dispatch.callers.progress import arrival_of
from dispatch.callers.progress import nearest
from dispatch.callers.progress import place_may_be_told
from dispatch.callers.progress import stage_of
from dispatch.callers.progress import steps_of
from dispatch.callers.rounding import about_m
from dispatch.callers.rounding import rounded_place
from dispatch.callers.rounding import straight_m
from dispatch.callers.states import ArrivalNote
from dispatch.callers.states import Stage

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STAMPS = ("accepted_at", "departed_at", "arrived_at", "completed_at")
REACHED = {"offered": 0, "accepted": 1, "en_route": 2, "on_scene": 3, "completed": 4}


def order(state: str, *, number: int = 1, rank: int = 0, eta_min: float | None = None) -> Order:
    """Return an order that got to a state, one step a minute from noon."""
    reached = REACHED.get(state, 1)
    stamps: dict[str, Any] = {
        name: NOON + timedelta(minutes=place + 1) if place < reached else None
        for place, name in enumerate(STAMPS)
    }
    eta_at = None if eta_min is None else NOON + timedelta(minutes=eta_min)
    return Order(id=number, crew_id=number, state=state, rank=rank, eta_at=eta_at, **stamps)


def facts(*orders: Order, state: str = "open", effect: str | None = None) -> Facts:
    """Return what is known of a case that was told of at noon."""
    closed_at = NOON + timedelta(hours=2) if state in {"closed", "cancelled"} else None
    return Facts(NOON, state, effect, closed_at, orders)


@pytest.mark.parametrize(
    ("known", "stage"),
    [
        (facts(), Stage.SEARCHING),
        (facts(order("declined")), Stage.SEARCHING_AGAIN),
        (facts(order("withdrawn")), Stage.SEARCHING_AGAIN),
        (facts(order("offered")), Stage.ASKED),
        (facts(order("accepted")), Stage.CHOSEN),
        (facts(order("accepted", rank=1)), Stage.BUSY),
        (facts(order("declined"), order("en_route")), Stage.ON_ITS_WAY),
        (facts(order("en_route"), order("on_scene")), Stage.THERE),
        (facts(order("completed"), order("en_route"), effect="not_done"), Stage.ON_ITS_WAY),
        (facts(order("completed"), effect="not_done"), Stage.NOT_FINISHED),
        (facts(order("completed"), effect="follow_up", state="resolved"), Stage.MADE_SAFE),
        (facts(order("completed"), effect="follow_up", state="closed"), Stage.MADE_SAFE),
        (facts(order("completed"), effect="done", state="resolved"), Stage.FINISHED),
        (facts(order("completed"), effect="done", state="closed"), Stage.FINISHED),
        (facts(order("completed"), effect="not_done", state="closed"), Stage.CLOSED),
        (facts(state="closed"), Stage.CLOSED),
        (facts(order("withdrawn"), state="cancelled"), Stage.CANCELLED),
    ],
)
def test_a_case_is_told_as_it_stands(known: Facts, stage: Stage) -> None:
    """Who declined or was called back is nobody's fault to the caller."""
    assert stage_of(known) is stage


STATES = ("offered", "declined", "withdrawn", "expired", *REACHED)
KNOWN = st.builds(
    lambda states, state, effect: facts(
        *(order(each, number=place) for place, each in enumerate(states)),
        state=state,
        effect=effect,
    ),
    st.lists(st.sampled_from(STATES), max_size=4),
    st.sampled_from(["open", "assigned", "on_scene", "resolved", "closed", "cancelled"]),
    st.sampled_from([None, "done", "not_done", "follow_up"]),
)


@given(KNOWN)
def test_only_work_that_is_done_is_finished_and_steps_stand_in_their_order(known: Facts) -> None:
    """Done steps come before the next one, of which there is one at most, and later ones."""
    stage = stage_of(known)
    steps = steps_of(known, stage)
    states = [each.state.value for each in steps]

    assert stage is not Stage.FINISHED or known.effect == "done"
    assert states.count("next") <= 1
    assert states[0] == "done"
    assert "later" not in states or "next" in states


@given(st.floats(-5, 600), st.floats(0, 60))
@example(eta_min=0, now_min=10)
@example(eta_min=2, now_min=11)
def test_an_arrival_is_a_band_around_what_is_expected_and_begins_no_earlier_than_now(
    eta_min: float, now_min: float
) -> None:
    """To the full five minutes; long after its time nothing is promised any more."""
    now = NOON + timedelta(minutes=now_min)
    told = arrival_of(order("en_route", eta_min=eta_min), now)

    assert told is not None
    assert (told.note is ArrivalNote.LATE) == (now_min - eta_min > 10)
    if told.from_at is not None and told.until_at is not None:
        expected = NOON + timedelta(minutes=eta_min)
        assert told.from_at <= max(expected, now) < told.until_at
        assert told.from_at > now - timedelta(minutes=5)
        assert (told.from_at.minute % 5, told.until_at.minute % 5) == (0, 0)


def test_an_arrival_in_half_an_hour_is_told_from_25_to_40_past() -> None:
    """30 - 3 = 27 down to 25; 30 + 9 = 39 up to 40."""
    told = arrival_of(order("en_route", eta_min=30), NOON)

    assert told is not None
    assert told.from_at == NOON + timedelta(minutes=25)
    assert told.until_at == NOON + timedelta(minutes=40)


def test_nothing_is_promised_of_a_crew_that_waits_or_is_there() -> None:
    """Without a time by road, or with other work before it, nobody knows."""
    unknown = [
        arrival_of(each, NOON) for each in (order("en_route"), order("accepted", rank=1, eta_min=9))
    ]

    assert [each and each.note for each in unknown] == [ArrivalNote.UNKNOWN, ArrivalNote.UNKNOWN]
    assert arrival_of(order("on_scene", eta_min=5), NOON) is None
    assert arrival_of(None, NOON) is None


def test_of_several_crews_the_one_that_is_there_first_is_told_of() -> None:
    """One that is there, else the soonest of those on their way; never one that only was asked."""
    far, near = order("en_route", number=1, eta_min=30), order("en_route", number=2, eta_min=8)
    there, asked = order("on_scene", number=3), order("offered", number=4, eta_min=1)

    assert nearest([asked, far, near]) is near
    assert nearest([far, near, there]) is there
    assert nearest([asked]) is None


@pytest.mark.parametrize("state", [*REACHED, "declined", "withdrawn", "expired"])
def test_a_crews_place_is_told_from_its_departure_until_it_is_there(state: str) -> None:
    """And of no crew that drives to somebody else before."""
    assert place_may_be_told(order(state)) == (state == "en_route")
    assert not place_may_be_told(order(state, rank=1))
    assert not place_may_be_told(None)


@given(st.floats(-179, 179), st.floats(-80, 80))
def test_a_place_is_rounded_to_a_square_that_stands_still(lon: float, lat: float) -> None:
    """At most half a diagonal away (141 m, and a little for the Earth); rounded twice it stays."""
    rounded = rounded_place(lon, lat)

    assert straight_m(rounded, (lon, lat)) < 145
    assert rounded_place(*rounded) == pytest.approx(rounded)


@pytest.mark.parametrize(
    ("distance_m", "told"),
    [
        (0, 300),
        (299, 300),
        (349, 300),
        (951, 1000),
        (1_240, 1_000),
        (1_260, 1_500),
        (12_400, 12_000),
    ],
)
def test_a_distance_is_told_in_steps_that_grow_with_it(distance_m: float, told: int) -> None:
    """Near the caller it is not told to the metre where somebody's crew stands."""
    assert about_m(distance_m) == told
