"""Which of many pledges holds for an incident."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.pledges.calendar_rules import TimesOfYear
from dispatch.pledges.choosing import Conditions
from dispatch.pledges.choosing import IncidentFacts
from dispatch.pledges.choosing import Offered
from dispatch.pledges.choosing import chosen
from dispatch.pledges.frozen_rule import FrozenRule
from dispatch.pledges.pledges_in_force import SHIPPED_CALENDAR
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent
from dispatch.pledges.states import WeatherClass

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 6, 10, 12, tzinfo=ZONE).astimezone(UTC)
NIGHT = datetime(2026, 6, 10, 23, tzinfo=ZONE).astimezone(UTC)
BURST = IncidentFacts("water", "water_burst", 1, frozenset({7}), WeatherClass.NORMAL, 300.0)


def rule(pledge_id: int, minutes: float, stop: StopEvent = StopEvent.ON_SCENE) -> FrozenRule:
    """Return a pledge as clocks keep it."""
    return FrozenRule(
        pledge_id=pledge_id,
        version=1,
        code="",
        name_en="",
        name_zh="",
        series="",
        start=StartEvent.PINNED,
        stop=stop,
        limit_s=minutes * 60,
        warn_after_s=minutes * 45,
        target_share=None,
        pauses=(),
        opening=None,
        time_zone="Asia/Shanghai",
        source="",
        example=False,
    )


def offered(pledge_id: int, minutes: float, **conditions: object) -> Offered:
    """Return a pledge that is in force."""
    wanted = replace(Conditions("water"), **conditions)  # type: ignore[arg-type]  # any of its fields
    return Offered(wanted, rule(pledge_id, minutes), SHIPPED_CALENDAR)


def minutes_for(facts: IncidentFacts, at: datetime, *pledges: Offered) -> list[float]:
    """Return the limits of what is promised, by goal."""
    return [each.limit_s / 60 for each in chosen(pledges, facts, ZONE, at).values()]


def test_the_most_exact_pledge_holds_and_not_the_shortest() -> None:
    """Inside the ring road 45 min, outside 90; what is not in the zone gets the general one."""
    general, ring, large = offered(1, 60), offered(2, 90, zone_id=7), offered(3, 30, zone_id=8)

    assert minutes_for(BURST, NOON, general, ring, large) == [90]
    assert minutes_for(replace(BURST, zone_ids=frozenset()), NOON, general, ring) == [60]


def test_by_day_and_by_night_another_pledge_holds() -> None:
    """60 by day, 90 by night."""
    day = offered(1, 60, times=TimesOfYear(6 * 60, 22 * 60))
    night = offered(2, 90, times=TimesOfYear(22 * 60, 6 * 60))

    assert minutes_for(BURST, NOON, day, night) == [60]
    assert minutes_for(BURST, NIGHT, day, night) == [90]


def test_a_pledge_for_sizes_needs_a_known_size() -> None:
    """From 100 mm on; below it, and where nobody knows, the general one holds."""
    general, large = offered(1, 60), offered(2, 45, asset_from_mm=100.0)

    assert minutes_for(BURST, NOON, general, large) == [45]
    assert minutes_for(replace(BURST, asset_mm=100.0), NOON, general, large) == [45]
    assert minutes_for(replace(BURST, asset_mm=99.0), NOON, general, large) == [60]
    assert minutes_for(replace(BURST, asset_mm=None), NOON, general, large) == [60]


def test_in_a_storm_the_pledge_for_storms_holds_though_it_is_longer() -> None:
    """12 h in normal weather, 24 in a storm of category 1."""
    normal, storm = offered(1, 720), offered(2, 1440, weather=frozenset({WeatherClass.STORM_1}))

    assert minutes_for(BURST, NOON, normal, storm) == [720]
    assert minutes_for(replace(BURST, weather=WeatherClass.STORM_1), NOON, normal, storm) == [1440]


def test_each_goal_and_series_has_its_own_clock() -> None:
    """Being there, water back, and a share within 30 minutes run beside each other."""
    there, back = offered(1, 60), replace(offered(2, 720), rule=rule(2, 720, StopEvent.RESTORED))
    share = replace(offered(3, 30), rule=replace(rule(3, 30), series="share_30"))

    assert sorted(minutes_for(BURST, NOON, there, back, share)) == [30, 60, 720]


def test_nothing_holds_for_another_utility_kind_or_priority() -> None:
    """All that is named must fit."""
    pledges = (
        offered(1, 60, utility="gas"),
        offered(2, 60, kinds=frozenset({"water_leak"})),
        offered(3, 60, priorities=frozenset({2, 3})),
    )

    assert minutes_for(BURST, NOON, *pledges) == []


def test_of_equally_exact_ones_the_shorter_holds() -> None:
    """Who promised both has to keep the shorter."""
    assert minutes_for(BURST, NOON, offered(1, 60), offered(2, 45), offered(3, 50)) == [45]
