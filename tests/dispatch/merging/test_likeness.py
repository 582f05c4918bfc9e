"""How likely two reports are about one thing: more in common never counts less."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.merging.likeness import Known
from dispatch.merging.likeness import Why
from dispatch.merging.likeness import likeness
from dispatch.merging.likeness import street
from tests.examples import examples

NEXT_DOOR = Known(
    distance_m=30,
    last_told_ago=timedelta(0),
    same_kind=True,
    same_utility=True,
    same_main=False,
    address="",
    reported_address="",
)
addresses = st.sampled_from(["", "Rue Grimaldi 21", "Rue Grimaldi 4", "解放路12号", "解放路8号"])
known = st.builds(
    Known,
    distance_m=st.floats(0, 5_000),
    last_told_ago=st.timedeltas(timedelta(0), timedelta(days=2)),
    same_kind=st.booleans() | st.none(),
    same_utility=st.booleans() | st.none(),
    same_main=st.booleans(),
    address=addresses,
    reported_address=addresses,
)


def test_points_are_as_they_are_said_to_be() -> None:
    """30 of 300 m: 55 x 0.9 = 49.5; just told 20; same kind 15: 84.5 of 100."""
    alike = likeness(NEXT_DOOR)

    assert alike.score == pytest.approx(0.845)
    assert alike.why == (Why.PLACE, Why.LATELY, Why.SAME_KIND)
    assert alike.is_likely


def test_a_burst_main_is_likely_the_same_eight_hundred_metres_on() -> None:
    """No place left, but one main, just told, the same kind: 25 + 20 + 15 = 60."""
    far = replace(NEXT_DOOR, distance_m=800)

    assert not likeness(far).is_likely
    assert likeness(replace(far, same_main=True)).score == pytest.approx(0.6)
    assert likeness(replace(far, same_main=True)).is_likely


@examples(60)
@given(one=known, further_m=st.floats(0, 1_000), later=st.timedeltas(timedelta(0)))
def test_further_or_longer_ago_is_never_likelier(
    one: Known, further_m: float, later: timedelta
) -> None:
    """Whatever else they share; and a score is a share."""
    further = replace(one, distance_m=one.distance_m + further_m)
    older = replace(one, last_told_ago=min(one.last_told_ago + later, timedelta(days=999)))

    assert 0 <= likeness(further).score <= likeness(one).score <= 1
    assert likeness(older).score <= likeness(one).score


@examples(60)
@given(one=known)
def test_what_two_share_never_makes_them_less_likely_the_same(one: Known) -> None:
    """One main, the kind, the address."""
    shared = (
        replace(one, same_main=True),
        replace(one, same_kind=True, same_utility=True),
        replace(one, address="解放路8号", reported_address="解放路8号"),
    )

    assert all(likeness(each).score >= likeness(one).score for each in shared)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rue Grimaldi 21", "21, rue Grimaldi"),
        ("解放路12号", "解放路 8号"),
        ("Rue Grimaldi 21 bis, Monaco", "rue grimaldi 4"),
    ],
)
def test_a_street_is_known_by_other_house_numbers(one: str, other: str) -> None:
    """Numbers, 号 and what follows a comma are not the street."""
    assert street(one) == street(other) != ""
