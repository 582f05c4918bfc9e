"""Whom an offer asks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.core.errors import InvalidInput
from dispatch.offers.asking import CANNOT
from dispatch.offers.asking import asked
from dispatch.sending.policy import Verdict
from dispatch.sending.types import CandidateAnswer

OVERRULED = ("stale_fix", "lacks_skill", "declined_before", "unreachable")
candidates = st.builds(
    lambda crew_id, against, active, outside: made(
        crew_id, *against, active=active, outside=outside
    ),
    st.integers(1, 30),
    st.lists(st.sampled_from([*CANNOT, *OVERRULED]), unique=True, max_size=2),
    st.integers(0, 1),
    st.booleans(),
)
lists = st.lists(candidates, unique_by=lambda each: each["crew_id"], max_size=12)


def made(crew_id: int, *against: str, active: int = 0, outside: bool = False) -> CandidateAnswer:
    """Return a candidate; with a reason against it, it is excluded."""
    fields: dict[str, Any] = {
        "crew_id": crew_id,
        "crew_name": f"Crew {crew_id}",
        "verdict": Verdict.EXCLUDED if against else Verdict.POSSIBLE,
        "reasons": list(against),
        "workload": {"active": active, "queued": 0, "today": 0},
        "free_in_s": 600.0 * active,
        "outside_radius": outside,
    }
    return fields  # type: ignore[return-value]  # what the rule reads of it


def ids(found: list[CandidateAnswer]) -> list[int]:
    """Return the crews' ids, in their order."""
    return [each["crew_id"] for each in found]


def test_all_idle_crews_within_the_radius_that_can_come_are_asked() -> None:
    """Neither the busy, nor the excluded, nor those listed from outside."""
    found = [made(1), made(2, active=1), made(3, "stale_fix"), made(4, outside=True), made(5)]

    assert ids(asked(found, [], by_radius=True)) == [1, 5]


def test_who_is_named_is_asked_busy_excluded_or_far() -> None:
    """Without a radius nobody else is."""
    found = [made(1), made(2, active=1), made(3, "lacks_skill"), made(4, outside=True)]

    assert ids(asked(found, [4, 3, 2], by_radius=False)) == [2, 3, 4]
    assert ids(asked(found, [4], by_radius=True)) == [1, 4]


def test_each_named_crew_that_cannot_is_refused_by_name() -> None:
    """All of them at once, on the field."""
    found = [made(1, "off_duty", "stale_fix"), made(2, "already_assigned"), made(3)]

    with pytest.raises(InvalidInput) as refused:
        asked(found, [1, 2, 3, 99], by_radius=True)

    assert [(each.field, each.message()) for each in refused.value.fields] == [
        ("crew_ids", "Crew 1 is not on duty."),
        ("crew_ids", "Crew 2 is sent there already."),
        ("crew_ids", "There is no crew 99 whose place is known."),
    ]


@given(found=lists, named=st.sets(st.integers(1, 30), max_size=4), by_radius=st.booleans())
def test_nobody_is_asked_who_could_not_be_given_the_order(
    found: list[CandidateAnswer], named: set[int], *, by_radius: bool
) -> None:
    """And everybody named is, or the whole is refused."""
    try:
        chosen = asked(found, named, by_radius=by_radius)
    except InvalidInput:
        able = {each["crew_id"] for each in found if not set(each["reasons"]) & set(CANNOT)}
        assert named - able
        return

    assert named <= set(ids(chosen))
    assert not any(set(each["reasons"]) & set(CANNOT) for each in chosen)
    unnamed = [each for each in chosen if each["crew_id"] not in named]
    assert by_radius or not unnamed
    assert all(each["verdict"] is Verdict.POSSIBLE for each in unnamed)
    assert not any(each["workload"]["active"] or each["outside_radius"] for each in unnamed)
