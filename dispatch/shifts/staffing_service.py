"""Minimum staffing: rules, and where and when the rota does not keep them."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.states import DayKind
from dispatch.pledges.types import clock_words
from dispatch.pledges.types import minutes
from dispatch.shifts import rota_deadlines
from dispatch.shifts import shift_rows
from dispatch.shifts.models import Shift
from dispatch.shifts.models import StaffingRule
from dispatch.shifts.rota import EVERY_DAY
from dispatch.shifts.rota import DayHours
from dispatch.shifts.rota_types import GapAnswer
from dispatch.shifts.rota_types import GapsAnswer
from dispatch.shifts.rota_types import SetStaffingRule
from dispatch.shifts.rota_types import StaffingRuleAnswer
from dispatch.shifts.rota_types import StaffingRulesAnswer
from dispatch.shifts.staffing import CrewShift
from dispatch.shifts.staffing import Span
from dispatch.shifts.staffing import Staff
from dispatch.shifts.staffing import able_parts
from dispatch.shifts.staffing import counts
from dispatch.shifts.staffing import gaps
from dispatch.skills.effective import effective_skills
from dispatch.skills.upkeep import holdings_of
from dispatch.units.models import OrganisationUnit
from dispatch.zones.models import Zone

LOOKED_AHEAD: Final = timedelta(days=14)
_RULES = select(StaffingRule).where(StaffingRule.retired.is_(False)).order_by(StaffingRule.id)


class StaffingService:
    """Says how many crews there should be, and where there are too few."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, time_zone: str) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = ZoneInfo(time_zone)

    def rules(self, actor: Actor) -> StaffingRulesAnswer:
        """Return all rules in force."""
        actor.require(Permission.SHIFT_READ)
        with self._work.reading() as session:
            rows = session.scalars(_RULES).all()
            areas = _areas(session, rows)
        return {"rules": [_view(each, areas[each.id]) for each in rows]}

    def set(self, actor: Actor, rule_id: int | None, wanted: SetStaffingRule) -> StaffingRuleAnswer:
        """Add a rule (``rule_id`` None) or change it.

        Raises
        ------
        Conflict
            ``staffing_rule_changed`` if it is no longer at ``expected_version``.
        InvalidInput
            Naming the station, zone or calendar that is not there.
        """
        actor.require(Permission.SHIFT_WRITE)
        with self._work.writing() as session:
            _check(session, wanted)
            if rule_id is None:
                row = StaffingRule(version=0, retired=False)
                session.add(row)
            else:
                row = _locked(session, rule_id)
                if wanted.expected_version not in {None, row.version}:
                    message = N_("%(who)s changed this rule meanwhile.")
                    raise Conflict("staffing_rule_changed", message, {"who": row.updated_by})
            row.name, row.skill, row.least = wanted.name, wanted.skill, wanted.least
            row.station_id, row.zone_id = wanted.station_id, wanted.zone_id
            row.from_minute, row.to_minute = minutes(wanted.from_time), minutes(wanted.to_time)
            row.weekdays = sorted(set(wanted.weekdays))
            row.days, row.calendar = wanted.days.value, wanted.calendar
            return self._told(session, actor, row)

    def retire(self, actor: Actor, rule_id: int) -> StaffingRuleAnswer:
        """Ask for that no longer; repeated, it changes nothing."""
        actor.require(Permission.SHIFT_WRITE)
        with self._work.writing() as session:
            row = _locked(session, rule_id)
            if row.retired:
                return _view(row, _areas(session, [row])[row.id])
            row.retired = True
            return self._told(session, actor, row)

    def gaps(self, actor: Actor, ahead: timedelta = LOOKED_AHEAD) -> GapsAnswer:
        """Return where and when too few crews are planned from now on, in order."""
        actor.require(Permission.SHIFT_READ)
        now = self._clock()
        with self._work.reading() as session:
            found = gaps_between(session, now, now + ahead, self._zone)
        return {"computed_at": instant(now), "until": instant(now + ahead), "gaps": found}

    def _told(self, session: Session, actor: Actor, row: StaffingRule) -> StaffingRuleAnswer:
        now = self._clock()
        row.version += 1
        row.updated_at, row.updated_by = now, actor.display_name
        session.flush()
        rota_deadlines.wake_for_staffing(session, now, self._zone)
        view = _view(row, _areas(session, [row])[row.id])
        events.append(session, EventKind.STAFFING_RULE_CHANGED, actor, at=now, data={"rule": view})
        return view


def gaps_between(
    session: Session, begin: datetime, end: datetime, zone: ZoneInfo, unit_id: int | None = None
) -> list[GapAnswer]:
    """Return where and when too few crews are planned between two instants, in order.

    For a rule those crews count that its unit has, or a unit below it, with the skills that they
    have on each day by their people's tickets. One without a station is in no area.
    """
    query = _RULES if unit_id is None else _RULES.where(StaffingRule.unit_id == unit_id)
    rules = session.scalars(query).all()
    if not rules:
        return []
    calendars = shift_rows.calendars(session, {each.calendar for each in rules})
    areas = _areas(session, rules)
    staff = _staff(session)
    skills = _Skills(session, [each.crew_id for each in staff])
    below = _units_below(session, {each.unit_id for each in rules})
    shifts = [
        (row.crew_id, row.begins_at, row.ends_at)
        for row in session.execute(
            select(Shift.crew_id, Shift.begins_at, Shift.ends_at).where(
                Shift.cancelled_at.is_(None), Shift.begins_at < end, Shift.ends_at > begin
            )
        )
    ]
    found: list[GapAnswer] = []
    for rule in rules:
        counted = {
            each.crew_id
            for each in staff
            if each.unit_id in below[rule.unit_id]
            and counts(each, station_id=rule.station_id, zone_id=rule.zone_id)
        }
        required = _required(rule, calendars[rule.calendar], begin, end, zone)
        mine: Iterable[CrewShift] = [each for each in shifts if each[0] in counted]
        if rule.skill is not None:
            mine = able_parts(mine, zone, partial(skills.has, rule.skill))
        found += [
            {
                "rule_id": rule.id,
                "name": rule.name,
                "area": areas[rule.id],
                "skill": rule.skill,
                "begins_at": instant(gap.begins_at),
                "ends_at": instant(gap.ends_at),
                "have": gap.have,
                "least": rule.least,
            }
            for gap in gaps(required, mine, rule.least)
        ]
    return sorted(found, key=lambda each: (each["begins_at"], each["rule_id"]))


def _required(
    rule: StaffingRule, calendar: Calendar, begin: datetime, end: datetime, zone: ZoneInfo
) -> list[Span]:
    """Return when a rule holds between two instants."""
    weekdays = frozenset(rule.weekdays) or EVERY_DAY
    hours = DayHours(rule.from_minute, rule.to_minute, weekdays, DayKind(rule.days))
    day = begin.astimezone(zone).date() - timedelta(days=1)  # its night may go on
    required = []
    while day <= end.astimezone(zone).date():
        span = hours.span(day, zone) if hours.begin_on(day, calendar) else None
        if span is not None and span[0] < end and span[1] > begin:
            required.append((max(span[0], begin), min(span[1], end)))
        day += timedelta(days=1)
    return required


def _staff(session: Session) -> list[Staff]:
    inside = select(Station.id, Zone.id.label("zone_id")).join(
        Zone, func.ST_Covers(Zone.outline, Station.point)
    )
    zones: dict[int, set[int]] = {}
    for station_id, zone_id in session.execute(inside):
        zones.setdefault(station_id, set()).add(zone_id)
    rows = session.execute(select(Crew.id, Crew.station_id, Crew.unit_id))
    return [
        Staff(row.id, row.station_id, zones.get(row.station_id or 0, set()), row.unit_id)
        for row in rows
    ]


class _Skills:
    """What crews can do on each day."""

    def __init__(self, session: Session, crew_ids: Sequence[int]) -> None:
        rows = session.execute(select(Crew.id, Crew.own_skills).where(Crew.id.in_(crew_ids)))
        self._own = {row.id: row.own_skills for row in rows}
        self._holdings = holdings_of(session, crew_ids)

    def has(self, skill: str, crew_id: int, day: date) -> bool:
        """Return whether a crew has a skill on a day."""
        own, tickets = self._own.get(crew_id, ()), self._holdings.get(crew_id, ())
        return skill in effective_skills(own, tickets, day)


def _units_below(session: Session, unit_ids: Collection[int]) -> dict[int, frozenset[int]]:
    query = select(OrganisationUnit.id, OrganisationUnit.below)
    rows = session.execute(query.where(OrganisationUnit.id.in_(unit_ids)))
    return {row.id: frozenset(row.below) for row in rows}


def _areas(session: Session, rules: Sequence[StaffingRule]) -> dict[int, str | None]:
    """Return what the area of each rule is called; None: everywhere, or a zone that is gone."""
    stations = {each.station_id for each in rules if each.station_id is not None}
    zones = {each.zone_id for each in rules if each.zone_id is not None}
    by_station = {
        row.id: row.name
        for row in session.execute(select(Station.id, Station.name).where(Station.id.in_(stations)))
    }
    by_zone = {
        row.id: row.name
        for row in session.execute(select(Zone.id, Zone.name).where(Zone.id.in_(zones)))
    }
    return {
        each.id: by_station.get(each.station_id or 0) or by_zone.get(each.zone_id or 0)
        for each in rules
    }


def _check(session: Session, wanted: SetStaffingRule) -> None:
    shift_rows.require_calendar(session, wanted.calendar)
    if wanted.station_id is not None and session.get(Station, wanted.station_id) is None:
        raise InvalidInput.one("station_id", N_("is no station"))
    if wanted.zone_id is not None and session.get(Zone, wanted.zone_id) is None:
        raise InvalidInput.one("zone_id", N_("is no zone"))


def _locked(session: Session, rule_id: int) -> StaffingRule:
    row = session.get(StaffingRule, min(rule_id, LARGEST_ID), with_for_update=True)
    if row is None:
        raise NotFound.thing("staffing_rule", rule_id)
    return row


def _view(row: StaffingRule, area: str | None) -> StaffingRuleAnswer:
    return {
        "id": row.id,
        "name": row.name,
        "station_id": row.station_id,
        "zone_id": row.zone_id,
        "area": area,
        "skill": row.skill,
        "from_time": clock_words(row.from_minute),
        "to_time": clock_words(row.to_minute),
        "weekdays": list(row.weekdays),
        "days": DayKind(row.days),
        "calendar": row.calendar,
        "least": row.least,
        "retired": row.retired,
        "version": row.version,
        "updated_at": instant(row.updated_at),
        "updated_by": row.updated_by,
    }
