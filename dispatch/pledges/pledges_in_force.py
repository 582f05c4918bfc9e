"""What is read of the database to choose the pledges of an incident."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.pledges.asset_size import asset_size_mm
from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.calendar_rules import TimesOfYear
from dispatch.pledges.choosing import Conditions
from dispatch.pledges.choosing import IncidentFacts
from dispatch.pledges.choosing import Offered
from dispatch.pledges.frozen_rule import FrozenRule
from dispatch.pledges.models import EVERYWHERE
from dispatch.pledges.models import Pledge
from dispatch.pledges.models import WeatherDeclared
from dispatch.pledges.models import WorkCalendar
from dispatch.pledges.states import DayKind
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent
from dispatch.pledges.states import WeatherClass
from dispatch.units.belonging import over_incident
from dispatch.zones.models import Zone

DEFAULT_CALENDAR: Final = "office"
_NINE_TO_SIX = ((9 * 60, 18 * 60),)
SHIPPED_CALENDAR: Final = Calendar((*(_NINE_TO_SIX,) * 5, (), ()))
"""Of `DEFAULT_CALENDAR`, until the utility has set its own: workdays 9 to 18, no holidays."""
_EXCEPTIONS_BEFORE, _EXCEPTIONS_AFTER = timedelta(days=2), timedelta(days=400)
"""As much of a calendar's exceptions is frozen into a clock."""


def calendar_of(row: WorkCalendar) -> Calendar:
    """Return a stored calendar."""
    return Calendar(
        tuple(tuple((a, b) for a, b in hours) for hours in row.weekly),
        {
            date.fromisoformat(day): tuple((a, b) for a, b in each["hours"])
            for day, each in row.exceptions.items()
        },
    )


def pledges_in_force(
    session: Session, incident_id: int, kind: str, time_zone: str, at: datetime
) -> list[Offered]:
    """Return the pledges of the utility of a kind that are switched on.

    Those of the incident's unit and of the units above it: what another station has pledged is
    nothing to it, even where somebody sees both.
    """
    query = (
        select(Pledge)
        .join(IncidentKind, IncidentKind.utility == Pledge.utility)
        .where(IncidentKind.code == kind, Pledge.enabled, Pledge.retired_at.is_(None))
        .where(over_incident(Pledge.unit_id, incident_id))
    )
    pledges = session.scalars(query).all()
    if not pledges:
        return []
    wanted = {each.calendar for each in pledges}
    rows = session.scalars(select(WorkCalendar).where(WorkCalendar.code.in_(wanted)))
    calendars = {row.code: calendar_of(row) for row in rows}
    return [_offered(each, calendars, time_zone, at) for each in pledges]


def _offered(
    pledge: Pledge, calendars: Mapping[str, Calendar], time_zone: str, at: datetime
) -> Offered:
    calendar = calendars.get(pledge.calendar, SHIPPED_CALENDAR)
    season = None
    if pledge.season_from is not None and pledge.season_to is not None:
        season = (month_day(pledge.season_from), month_day(pledge.season_to))
    conditions = Conditions(
        utility=pledge.utility,
        kinds=frozenset(pledge.kinds),
        priorities=frozenset(pledge.priorities),
        zone_id=pledge.zone_id,
        times=TimesOfYear(pledge.from_minute, pledge.to_minute, DayKind(pledge.days), season),
        weather=frozenset(WeatherClass(each) for each in pledge.weather),
        asset_from_mm=pledge.asset_from_mm,
        asset_below_mm=pledge.asset_below_mm,
    )
    rule = FrozenRule(
        pledge_id=pledge.id,
        version=pledge.version,
        code=pledge.code or "",
        name_en=pledge.name_en,
        name_zh=pledge.name_zh,
        series=pledge.series,
        start=StartEvent(pledge.start),
        stop=StopEvent(pledge.stop),
        limit_s=pledge.limit_s,
        warn_after_s=pledge.warn_after_s,
        target_share=pledge.target_share,
        pauses=tuple(PauseReason(each) for each in pledge.pauses),
        opening=_frozen(calendar, at) if pledge.opening_only else None,
        time_zone=time_zone,
        source=pledge.source,
        example=pledge.example,
    )
    return Offered(conditions, rule, calendar)


def month_day(words: str) -> tuple[int, int]:
    """Return the month and day of "MM-DD"."""
    month, _, day = words.partition("-")
    return int(month), int(day)


def _frozen(calendar: Calendar, at: datetime) -> Calendar:
    first, last = (at - _EXCEPTIONS_BEFORE).date(), (at + _EXCEPTIONS_AFTER).date()
    near = {day: hours for day, hours in calendar.exceptions.items() if first <= day <= last}
    return Calendar(calendar.weekly, near)


def incident_facts(
    session: Session,
    incident: Incident,
    offered: Collection[Offered],
    weather: WeatherClass | None,
) -> IncidentFacts:
    """Return what is known of an incident, as far as any of some pledges asks for it.

    The log is locked meanwhile: what nobody asks for is not looked up. The weather is the declared
    one unless it is given.
    """
    asked = [each.conditions for each in offered]
    utility = asked[0].utility
    zone_ids: frozenset[int] = frozenset()
    if weather is None or any(each.zone_id is not None for each in asked):
        point = select(Incident.point).where(Incident.id == incident.id).scalar_subquery()
        inside = session.scalars(select(Zone.id).where(func.ST_Covers(Zone.outline, point)))
        zone_ids = frozenset(inside)
    sized = any(each.has_asset_size for each in asked)
    return IncidentFacts(
        utility=utility,
        kind=incident.kind,
        priority=incident.priority,
        zone_ids=zone_ids,
        weather=weather or declared_weather(session, utility, zone_ids),
        asset_mm=asset_size_mm(session, utility, incident.id) if sized else None,
    )


def declared_weather(session: Session, utility: str, zone_ids: Iterable[int]) -> WeatherClass:
    """Return the weather where an incident is: of its zones the severest, else everywhere's."""
    query = select(WeatherDeclared.zone_id, WeatherDeclared.weather).where(
        WeatherDeclared.utility == utility,
        WeatherDeclared.zone_id.in_([EVERYWHERE, *zone_ids]),
    )
    declared: dict[int, Any] = {zone: weather for zone, weather in session.execute(query)}  # noqa: C416  (rows are no pairs to mypy)
    everywhere = declared.pop(EVERYWHERE, WeatherClass.NORMAL)
    order = list(WeatherClass)
    here = [WeatherClass(each) for each in declared.values()]
    return max(here, key=order.index) if here else WeatherClass(everywhere)
