"""Pledges: listed, added, changed, retired, and taken over from the shipped examples."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import IncidentKind
from dispatch.pledges.models import Pledge
from dispatch.pledges.models import WorkCalendar
from dispatch.pledges.pledge_rows import copied
from dispatch.pledges.pledge_rows import pledge_view
from dispatch.pledges.pledge_rows import preset_view
from dispatch.pledges.pledge_rows import verdict_counts
from dispatch.pledges.pledges_in_force import DEFAULT_CALENDAR
from dispatch.pledges.presets import BY_CODE
from dispatch.pledges.presets import PRESETS
from dispatch.pledges.types import PledgeAnswer
from dispatch.pledges.types import PledgesAnswer
from dispatch.pledges.types import SetPledge
from dispatch.pledges.types import UsePreset
from dispatch.pledges.types import minutes
from dispatch.roles.rule_changes import RuleChanges
from dispatch.writes.idempotency import Once
from dispatch.zones.models import Zone

_AS_GIVEN = (
    *("name_en", "name_zh", "utility", "kinds", "priorities", "zone_id", "days", "weather"),
    *("season_from", "season_to", "asset_from_mm", "asset_below_mm", "calendar", "opening_only"),
    *("start", "stop", "limit_s", "target_share", "pauses", "enabled"),
)


COUNTED_FOR = timedelta(days=30)


class PledgeService:
    """What is promised; clocks that run keep what they were started by.

    Where two people are demanded for rules, each change raises `Conflict` ``needs_approval`` and
    holds once somebody else has approved it (`dispatch.roles.rule_changes`).
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, held: RuleChanges) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._held = held

    def list(self, actor: Actor) -> PledgesAnswer:
        """Return what is promised, and the shipped examples."""
        actor.require(Permission.INCIDENT_READ)
        query = (
            select(Pledge)
            .where(Pledge.retired_at.is_(None))
            .order_by(Pledge.utility, Pledge.stop, Pledge.limit_s, Pledge.id)
        )
        with self._work.reading() as session:
            pledges = session.scalars(query).all()
            counts = verdict_counts(session, self._clock() - COUNTED_FOR)
        on = {each.code for each in pledges if each.enabled}
        return {
            "pledges": [pledge_view(each, counts.get(each.id)) for each in pledges],
            "presets": [preset_view(each, enabled=each.code in on) for each in PRESETS],
        }

    def add(
        self, actor: Actor, wanted: SetPledge, idempotency_key: str | None = None
    ) -> tuple[PledgeAnswer, bool]:
        """Add a pledge; with the same key it is added once.

        Returns
        -------
        pledge, replayed
            The pledge, and whether it was there already.

        Raises
        ------
        InvalidInput
            Naming each field that cannot be taken.
        """
        actor.require(Permission.RULES_WRITE)
        self._held.hold(actor, "pledge.add", wanted)
        once = Once.of(actor, idempotency_key, wanted)
        now = self._clock()

        def add(session: Session) -> PledgeAnswer:
            _check(session, wanted)
            row = Pledge(code=None, example=False, version=0, retired_at=None)
            _write(row, wanted)
            session.add(row)
            return self._told(session, actor, row)

        with self._work.writing() as session:
            return once.run(session, now, lambda: add(session))

    def change(self, actor: Actor, pledge_id: int, wanted: SetPledge) -> PledgeAnswer:
        """Change a pledge as a whole. An example that is edited is the utility's own from then on.

        Raises
        ------
        Conflict
            ``pledge_changed`` if it is no longer at ``expected_version``.
        """
        actor.require(Permission.RULES_WRITE)
        self._held.hold(actor, "pledge.change", wanted, pledge_id)
        with self._work.writing() as session:
            row = _locked(session, pledge_id)
            if wanted.expected_version not in {None, row.version}:
                message = N_("%(who)s changed this pledge meanwhile.")
                extra = {"pledge": pledge_view(row)}
                raise Conflict("pledge_changed", message, {"who": row.updated_by}, extra=extra)
            _check(session, wanted)
            before = pledge_view(row)
            _write(row, wanted)
            after = pledge_view(row)
            if before == after:
                return before
            row.example = row.example and {**before, "enabled": row.enabled} == after
            return self._told(session, actor, row)

    def switch(self, actor: Actor, pledge_id: int, *, enabled: bool) -> PledgeAnswer:
        """Switch a pledge on or off as it is; repeated, it changes nothing."""
        actor.require(Permission.RULES_WRITE)
        self._held.hold(actor, "pledge.switch", UsePreset(enabled=enabled), pledge_id)
        with self._work.writing() as session:
            row = _locked(session, pledge_id)
            if row.enabled == enabled or row.retired_at is not None:
                return pledge_view(row)
            row.enabled = enabled
            return self._told(session, actor, row)

    def retire(self, actor: Actor, pledge_id: int) -> PledgeAnswer:
        """Promise it no longer; repeated, it changes nothing."""
        actor.require(Permission.RULES_WRITE)
        self._held.hold(actor, "pledge.retire", None, pledge_id)
        with self._work.writing() as session:
            row = _locked(session, pledge_id)
            if row.retired_at is not None:
                return pledge_view(row)
            row.retired_at, row.enabled = self._clock(), False
            row.code = None  # the example may be taken over again
            return self._told(session, actor, row)

    def use_preset(self, actor: Actor, code: str, wanted: UsePreset) -> PledgeAnswer | None:
        """Switch a shipped example on, copying it if that was not done yet, or off.

        Returns
        -------
        pledge
            The copy; None if it was to be switched off and is not there.
        """
        actor.require(Permission.RULES_WRITE)
        preset = BY_CODE.get(code)
        if preset is None:
            raise NotFound.thing("pledge", code)
        self._held.hold(actor, "pledge.use_preset", wanted, code)
        with self._work.writing() as session:
            if wanted.enabled:
                session.execute(
                    insert(Pledge)
                    .values(copied(preset, self._clock(), actor.display_name))
                    .on_conflict_do_nothing()
                )
            query = select(Pledge).where(Pledge.code == code).with_for_update()
            row = session.scalar(query)
            if row is None:
                return None
            if row.version > 0 and row.enabled == wanted.enabled:
                return pledge_view(row)
            row.enabled = wanted.enabled
            return self._told(session, actor, row)

    def _told(self, session: Session, actor: Actor, row: Pledge) -> PledgeAnswer:
        row.version += 1
        row.updated_at, row.updated_by = self._clock(), actor.display_name
        session.flush()
        answer = pledge_view(row)
        told = {"pledge": {**answer, "retired": row.retired_at is not None}}
        events.append(session, EventKind.PLEDGE_CHANGED, actor, at=self._clock(), data=told)
        return answer


def _locked(session: Session, pledge_id: int) -> Pledge:
    row = session.get(Pledge, min(pledge_id, LARGEST_ID), with_for_update=True)
    if row is None:
        raise NotFound.thing("pledge", pledge_id)
    return row


def _check(session: Session, wanted: SetPledge) -> None:
    """Refuse what names something that is not there."""
    query = select(IncidentKind.code).where(IncidentKind.utility == wanted.utility)
    known = set(session.scalars(query))
    if not set(wanted.kinds) <= known:
        choices = ", ".join(sorted(known))
        raise InvalidInput.one("kinds", N_("must be one of: %(choices)s"), choices=choices)
    if wanted.zone_id is not None and session.get(Zone, wanted.zone_id) is None:
        raise InvalidInput.one("zone_id", N_("is no zone"))
    if wanted.calendar != DEFAULT_CALENDAR and not session.get(WorkCalendar, wanted.calendar):
        raise InvalidInput.one("calendar", N_("is no calendar"))
    low, high = wanted.asset_from_mm, wanted.asset_below_mm
    if low is not None and high is not None and low >= high:
        raise InvalidInput.one("asset_below_mm", N_("must be more than asset_from_mm"))
    if wanted.from_time is not None and wanted.from_time in {wanted.to_time, "24:00"}:
        raise InvalidInput.one("to_time", N_("must be another time"))


def _write(row: Pledge, wanted: SetPledge) -> None:
    for name in _AS_GIVEN:
        value = getattr(wanted, name)
        setattr(row, name, [*value] if isinstance(value, list) else value)
    row.days, row.start, row.stop = wanted.days.value, wanted.start.value, wanted.stop.value
    row.weather = [each.value for each in wanted.weather]
    row.pauses = [each.value for each in wanted.pauses]
    row.from_minute = None if wanted.from_time is None else minutes(wanted.from_time)
    row.to_minute = None if wanted.to_time is None else minutes(wanted.to_time)
    row.series = wanted.series or ""
    row.warn_after_s = wanted.warn_after_s()
    row.source = wanted.source or ""
    row.source_date = wanted.source_date
