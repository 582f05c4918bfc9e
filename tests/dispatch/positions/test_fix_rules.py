"""Which fixes count: the rules alone, on tracks made up at random."""

from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from math import cos
from math import radians
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.positions.device_rules import FASTEST_MPS
from dispatch.positions.fix_rules import IMPOSSIBLE
from dispatch.positions.fix_rules import MOST_AHEAD
from dispatch.positions.fix_rules import OUTDATED
from dispatch.positions.fix_rules import Bounds
from dispatch.positions.fix_rules import Fix
from dispatch.positions.fix_rules import Known
from dispatch.positions.fix_rules import refusals
from dispatch.positions.fix_rules import surroundings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONACO: Bounds = (7.40, 43.72, 7.45, 43.76)
LON, LAT = 7.42, 43.74
METRE_DEG = 1 / 111_195
UNKNOWN = Known(None)


def fix(at_s: float, east_m: float = 0.0, **more: Any) -> Fix:  # noqa: ANN401  (of a fix)
    """Return a fix so many seconds after 12:00, so many metres east of the middle."""
    lon = LON + east_m * METRE_DEG / cos(radians(LAT))
    return Fix(1, NOW + timedelta(seconds=at_s), lon, LAT)._replace(**more)


def swapped(right: Fix) -> Fix:
    """Return the same fix by a device that sends latitude first."""
    return right._replace(lon=right.lat, lat=right.lon)


@dataclass(frozen=True)
class Drive:
    """An honest track: a step every few seconds, never faster than a crew can be."""

    fixes: list[Fix]
    now: datetime


@st.composite
def drives(draw: st.DrawFn) -> Drive:
    """Make up a drive of 3 to 12 fixes, 1 to 30 seconds apart, along one street."""
    steps = draw(
        st.lists(
            st.tuples(st.floats(1, 30), st.floats(-FASTEST_MPS, FASTEST_MPS)),
            min_size=3,
            max_size=12,
        )
    )
    at_s = east_m = 0.0
    fixes = []
    for seconds, mps in steps:
        at_s += seconds
        east_m += seconds * mps
        fixes.append(fix(at_s, east_m))
    return Drive(fixes, NOW + timedelta(seconds=at_s))


@given(drives())
def test_an_honest_drive_is_used_whole(drive: Drive) -> None:
    """Whatever the rules are for, they are not against anybody who drives."""
    assert set(refusals(drive.fixes, UNKNOWN, drive.now, surroundings(MONACO))) == {None}


@given(drives(), st.data())
def test_a_lone_outlier_costs_one_honest_fix_at_most(drive: Drive, data: st.DataObject) -> None:
    """First, in the middle or last; 50 km away, where the ground's bounds do not find it out."""
    place = data.draw(st.integers(0, len(drive.fixes)))
    seconds = (drive.fixes[place - 1].fixed_at - NOW).total_seconds() + 0.5 if place else 0.0
    track = [*drive.fixes[:place], fix(seconds, 50_000), *drive.fixes[place:]]

    found = refusals(track, UNKNOWN, drive.now, surroundings(MONACO))

    honest = [*found[:place], *found[place + 1 :]]
    assert honest.count(None) >= len(honest) - 1
    assert (found[place] is None) == (place == 0)
    # The last two agree with each other, so at the end the crew is where it is.
    assert honest[-1] is None


@given(drives())
def test_a_swapped_fix_moves_nobody(drive: Drive) -> None:
    """Before the first right one or after it: it is thousands of kilometres from the ground."""
    first = swapped(drive.fixes[0])._replace(fixed_at=NOW)

    found = refusals([first, *drive.fixes], UNKNOWN, drive.now, surroundings(MONACO))

    assert found == ["outside_ground", *[None] * len(drive.fixes)]


@given(st.floats(0, MOST_AHEAD.total_seconds()), st.floats(0.5, 30))
def test_a_clock_that_is_ahead_does_not_make_honest_fixes_old(
    ahead_s: float, later_s: float
) -> None:
    """What it sent counts from when we had it, 12:00; the next fix of an honest clock is newer."""
    (used,) = refusals([fix(ahead_s)], UNKNOWN, NOW)
    stored = fix(ahead_s)._replace(fixed_at=min(fix(ahead_s).fixed_at, NOW))

    (next_one,) = refusals([fix(later_s)], Known(stored), NOW + timedelta(seconds=later_s))

    assert used is None
    assert next_one is None


def test_two_that_agree_win_over_one_however_they_come() -> None:
    """The outlier at 0 s is the latest; 10 s doubted, 20 s agrees with it, 5 s comes too late."""
    outlier, first, second = fix(0, 50_000), fix(10), fix(20, 100)

    alone = refusals([first], Known(outlier), NOW + timedelta(seconds=10))
    then = refusals([second], Known(outlier, first), NOW + timedelta(seconds=20))
    late = refusals([fix(5)], Known(second), NOW + timedelta(seconds=21))

    assert alone == [IMPOSSIBLE]
    assert then == [None]
    assert late == [OUTDATED]


def test_two_outliers_that_do_not_agree_win_over_nobody() -> None:
    """50 km east, then 50 km west, 10 s apart: neither confirms the other."""
    found = refusals([fix(0), fix(10, 50_000), fix(20, -50_000), fix(30)], UNKNOWN, NOW)

    assert found == [None, IMPOSSIBLE, IMPOSSIBLE, None]


@pytest.mark.parametrize(
    ("ground", "lon", "lat", "inside"),
    [
        (MONACO, 7.40 - 1.2, 43.74, True),  # 96 km west, in France
        (MONACO, 7.40 - 1.3, 43.74, False),  # 104 km
        (MONACO, 7.42, 43.72 - 0.89, True),  # 99 km south, at sea
        (MONACO, 7.42, 43.72 - 0.91, False),  # 101 km
        ((179.5, -17.0, 179.9, -16.0), -179.6, -16.5, True),  # Fiji, across the date line
    ],
)
def test_a_crew_may_be_up_to_a_hundred_kilometres_outside_the_ground(
    ground: Bounds,
    lon: float,
    lat: float,
    inside: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    """At 44 degrees north 100 km are 1.24 degrees of longitude; of latitude always 0.90."""
    (why,) = refusals([Fix(1, NOW, lon, lat)], UNKNOWN, NOW, surroundings(ground))

    assert why == (None if inside else "outside_ground")
