"""Which pledges hold for an incident: the one that says it most exactly. Pure rules."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.pledges.calendar_rules import ALWAYS
from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.calendar_rules import TimesOfYear
from dispatch.pledges.calendar_rules import holds_at
from dispatch.pledges.frozen_rule import FrozenRule
from dispatch.pledges.states import WeatherClass


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a pledge holds for; what is empty or None says nothing.

    Attributes
    ----------
    zone_id
        Inside this zone.
    asset_from_mm, asset_below_mm
        Nominal diameter of the pipe; from ≤ size < below. Not where the size is unknown.
    """

    utility: str
    kinds: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    zone_id: int | None = None
    times: TimesOfYear = ALWAYS
    weather: frozenset[WeatherClass] = frozenset()
    asset_from_mm: float | None = None
    asset_below_mm: float | None = None

    @property
    def has_asset_size(self) -> bool:
        """Whether it is for some sizes only."""
        return self.asset_from_mm is not None or self.asset_below_mm is not None


@dataclass(frozen=True, slots=True)
class Offered:
    """A pledge that is in force: what it holds for, and what its clocks would be frozen to."""

    conditions: Conditions
    rule: FrozenRule
    calendar: Calendar
    """Says which days are workdays, whichever hours count."""


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What is known of an incident when its pledges are chosen."""

    utility: str
    kind: str
    priority: int
    zone_ids: frozenset[int]
    weather: WeatherClass
    asset_mm: float | None


def chosen(
    pledges: Iterable[Offered], facts: IncidentFacts, zone: ZoneInfo, at: datetime
) -> Mapping[tuple[str, str], FrozenRule]:
    """Return the pledges that hold for an incident, by goal: of each the most exact one.

    More exact is, in this order: inside a zone, for a size of pipe, in some weather, at some
    hours, for some kinds, for some priorities; of equally exact ones the shorter.

    Parameters
    ----------
    at
        When the incident began: the hours and days of then count.
    """
    best: dict[tuple[str, str], Offered] = {}
    for each in pledges:
        if not _holds(each, facts, zone, at):
            continue
        rival = best.get(each.rule.goal)
        if rival is None or _exactness(each) > _exactness(rival):
            best[each.rule.goal] = each
    return {goal: each.rule for goal, each in sorted(best.items())}


def _holds(pledge: Offered, facts: IncidentFacts, zone: ZoneInfo, at: datetime) -> bool:
    wanted = pledge.conditions
    return (
        wanted.utility == facts.utility
        and (not wanted.kinds or facts.kind in wanted.kinds)
        and (not wanted.priorities or facts.priority in wanted.priorities)
        and (wanted.zone_id is None or wanted.zone_id in facts.zone_ids)
        and (not wanted.weather or facts.weather in wanted.weather)
        and _fits(wanted, facts.asset_mm)
        and holds_at(wanted.times, pledge.calendar, zone, at)
    )


def _fits(wanted: Conditions, asset_mm: float | None) -> bool:
    if not wanted.has_asset_size:
        return True
    if asset_mm is None:
        return False
    low = wanted.asset_from_mm if wanted.asset_from_mm is not None else 0.0
    high = wanted.asset_below_mm if wanted.asset_below_mm is not None else float("inf")
    return low <= asset_mm < high


def _exactness(pledge: Offered) -> tuple[float, ...]:
    wanted = pledge.conditions
    return (
        wanted.zone_id is not None,
        wanted.has_asset_size,
        bool(wanted.weather),
        not wanted.times.is_always,
        bool(wanted.kinds),
        bool(wanted.priorities),
        -pledge.rule.limit_s,
        -pledge.rule.pledge_id,
    )
