"""Clocks follow the event log: started, changed, stopped and ended by what happens to incidents."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.states import IncidentState
from dispatch.outcomes.states import Effect
from dispatch.pledge_clocks import clock_changes
from dispatch.pledge_clocks.clock_carrying import carry
from dispatch.pledge_clocks.clock_carrying import part
from dispatch.pledge_clocks.clock_changes import Cause
from dispatch.pledge_clocks.clock_changes import NewClock
from dispatch.pledge_clocks.log_replay import reached
from dispatch.pledge_clocks.log_replay import stops_at
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledge_clocks.states import ClockState
from dispatch.pledge_clocks.states import EndReason
from dispatch.pledges.choosing import chosen
from dispatch.pledges.frozen_rule import FrozenRule
from dispatch.pledges.pledges_in_force import incident_facts
from dispatch.pledges.pledges_in_force import pledges_in_force
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent
from dispatch.pledges.states import WeatherClass

Goal = tuple[str, str]
_CHOSEN_BY: Final = frozenset({"kind", "priority", "lon", "lat"})
"""Fields of an incident on which its pledges depend."""


class ClockFollower:
    """Keeps the clocks of incidents.

    Parameters
    ----------
    zone
        Whose clock on the wall counts for hours, days and seasons.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._steps: Mapping[EventKind, Callable[[Session, Happened, Cause], None]] = {
            EventKind.INCIDENT_CREATED: self._created,
            EventKind.INCIDENT_UPDATED: self._updated,
            EventKind.INCIDENT_REPORTED: self._reported,
            EventKind.INCIDENT_CANCELLED: self._cancelled,
            EventKind.INCIDENT_CLOSED: self._closed,
            EventKind.INCIDENT_REOPENED: self._reopened,
            EventKind.INCIDENT_MERGED: self._merged,
            EventKind.INCIDENT_UNMERGED: self._unmerged,
            EventKind.REPORT_CALLED_BACK: self._stepped,
            EventKind.ASSIGNMENT_ARRIVED: self._stepped,
            EventKind.ASSIGNMENT_MOVED: self._stepped,
            EventKind.ASSIGNMENT_COMPLETED: self._stepped,
        }
        self.kinds = frozenset(self._steps)

    def follow(self, session: Session, happened: Happened) -> None:
        """Do with an incident's clocks what follows from an event."""
        if happened.incident_id is None:
            return
        cause = Cause(happened.incident_id, happened.actor, happened.at)
        self._steps[happened.kind](session, happened, cause)

    def _created(self, session: Session, happened: Happened, cause: Cause) -> None:
        original_id = happened.data.get("follow_up_of")
        if original_id is not None:
            carry(session, int(original_id), cause, EndReason.FOLLOW_UP)
        else:
            self._start(session, cause, happened.at)

    def _start(
        self, session: Session, cause: Cause, since: datetime, without: Sequence[Goal] = ()
    ) -> None:
        """Start the clocks of an incident's pledges, but for goals that have theirs."""
        incident = session.get_one(Incident, cause.incident_id)
        rules, weather = self._chosen(session, incident, since, None)
        if not rules:
            return
        starts = _starts(session, incident, since)
        wanted = [
            NewClock(rule, starts[rule.start])
            for goal, rule in rules.items()
            if goal not in without and rule.start in starts
        ]
        clock_changes.start(session, cause, wanted, weather.value)
        if wanted:
            clock_changes.schedule(session, cause.incident_id, cause.now)

    def _chosen(
        self,
        session: Session,
        incident: Incident,
        since: datetime,
        weather: WeatherClass | None,
    ) -> tuple[Mapping[Goal, FrozenRule], WeatherClass]:
        """Return what is promised for an incident as it is, and the weather it was chosen by."""
        offered = pledges_in_force(session, incident.id, incident.kind, self._zone.key, since)
        if not offered:
            return {}, weather or WeatherClass.NORMAL
        facts = incident_facts(session, incident, offered, weather)
        return chosen(offered, facts, self._zone, since), facts.weather

    def _updated(self, session: Session, happened: Happened, cause: Cause) -> None:
        """Choose anew for what is still going; what was decided stays decided."""
        if not _CHOSEN_BY & happened.data.keys():
            return
        incident = session.get_one(Incident, cause.incident_id)
        clocks = clock_changes.of_incident(session, cause.incident_id)
        if incident.follow_up_of is not None:
            return  # its clocks came with it, and none other are promised for a repair
        going = [each for each in clocks if clock_changes.is_going(each)]
        weather = WeatherClass(clocks[0].weather) if clocks else None
        since = min((each.started_at for each in going), default=incident.created_at)
        rules, weather = self._chosen(session, incident, since, weather)
        for clock in going:
            rule = rules.get((clock.stop, clock.series))
            if rule is None:
                clock_changes.end(session, cause, clock, EndReason.NO_PLEDGE)
            elif rule.pledge_id != clock.pledge_id:
                clock_changes.freeze_anew(session, cause, clock, rule, clock.started_at, "changed")
        had = {(each.stop, each.series) for each in clocks if each.end_reason is None}
        starts = _starts(session, incident, since)
        new = [
            NewClock(rule, starts[rule.start])
            for goal, rule in rules.items()
            if goal not in had and rule.start in starts
        ]
        clock_changes.start(session, cause, new, weather.value)
        clock_changes.schedule(session, cause.incident_id, cause.now)

    def _reported(self, session: Session, happened: Happened, cause: Cause) -> None:
        """Count from an earlier call, if that is heard of later, where calls count."""
        for clock in clock_changes.of_incident(session, cause.incident_id):
            rule = FrozenRule.from_json(clock.rule)
            earlier = happened.occurred_at < clock.started_at
            from_call = rule.start is StartEvent.CALL_STARTED
            if clock_changes.is_going(clock) and from_call and earlier:
                clock_changes.freeze_anew(
                    session, cause, clock, rule, happened.occurred_at, "earlier_call"
                )
                clock_changes.schedule(session, cause.incident_id, cause.now)

    def _stepped(self, session: Session, happened: Happened, cause: Cause) -> None:
        """Stop the clocks whose goal is reached, and start those that begin with it."""
        incident = session.get_one(Incident, cause.incident_id)
        is_done = (
            happened.kind is EventKind.ASSIGNMENT_COMPLETED
            and incident.state == IncidentState.RESOLVED
            and incident.outcome_effect == Effect.DONE
        )
        goals = reached(happened.kind, happened.data, is_done=is_done)
        clocks = clock_changes.of_incident(session, cause.incident_id)
        stopped = [each for each in clocks if clock_changes.is_going(each) and each.stop in goals]
        for clock in stopped:
            at = stops_at(clock.started_at, happened.occurred_at, happened.at)
            clock_changes.stop(session, cause, clock, at)
        if is_done:
            self._start_after_work(session, cause, clocks, happened)
        if stopped:
            clock_changes.schedule(session, cause.incident_id, cause.now)

    def _start_after_work(
        self,
        session: Session,
        cause: Cause,
        clocks: Sequence[PledgeClock],
        happened: Happened,
    ) -> None:
        """Start what counts from the end of the work."""
        incident = session.get_one(Incident, cause.incident_id)
        weather = WeatherClass(clocks[0].weather) if clocks else None
        rules, weather = self._chosen(session, incident, happened.at, weather)
        going = {(each.stop, each.series) for each in clocks if clock_changes.is_going(each)}
        new = [
            NewClock(rule, happened.at)
            for goal, rule in rules.items()
            if rule.start is StartEvent.RESTORED and goal not in going
        ]
        clock_changes.start(session, cause, new, weather.value)
        if new:
            clock_changes.schedule(session, cause.incident_id, cause.now)

    def _cancelled(self, session: Session, _: Happened, cause: Cause) -> None:
        self._end_all(session, cause, EndReason.CANCELLED)

    def _closed(self, session: Session, _: Happened, cause: Cause) -> None:
        """End what a closed incident owes no more; who is to be called back still is."""
        self._end_all(session, cause, EndReason.CLOSED, but=StopEvent.CALLED_BACK)

    def _end_all(
        self, session: Session, cause: Cause, why: EndReason, but: StopEvent | None = None
    ) -> None:
        ended = [
            each
            for each in clock_changes.of_incident(session, cause.incident_id)
            if clock_changes.is_going(each) and each.stop != but
        ]
        for clock in ended:
            clock_changes.end(session, cause, clock, why)
        if ended:
            clock_changes.schedule(session, cause.incident_id, cause.now)

    def _reopened(self, session: Session, happened: Happened, cause: Cause) -> None:
        """Go on with what was ended too soon; promise anew what had been decided.

        Whoever was told that nothing more is needed still waits since the first call; whoever had
        a crew and needs one again waits since now.
        """
        incident = session.get_one(Incident, cause.incident_id)
        clocks = clock_changes.of_incident(session, cause.incident_id)
        last: dict[Goal, PledgeClock] = {(each.stop, each.series): each for each in clocks}
        revived: list[Goal] = []
        for goal, clock in last.items():
            after_work = FrozenRule.from_json(clock.rule).start is StartEvent.RESTORED
            if clock_changes.is_going(clock):
                if after_work:
                    clock_changes.end(session, cause, clock, EndReason.REOPENED)
                else:
                    revived.append(goal)
            elif clock.state == ClockState.ENDED and not after_work:
                clock_changes.revive(session, cause, clock)
                revived.append(goal)
        if incident.follow_up_of is None:
            self._start(session, cause, happened.at, without=revived)
        clock_changes.schedule(session, cause.incident_id, cause.now)

    def _merged(self, session: Session, happened: Happened, cause: Cause) -> None:
        other = Cause(int(happened.data["other"]), cause.actor, cause.now)
        carry(session, cause.incident_id, other, EndReason.MERGED)

    def _unmerged(self, session: Session, happened: Happened, cause: Cause) -> None:
        part(session, cause, int(happened.data["other"]))


def _starts(session: Session, incident: Incident, since: datetime) -> dict[StartEvent, datetime]:
    """Return from when clocks of each kind count; of a reopened incident all from then."""
    if incident.round > 0:
        return dict.fromkeys(
            (StartEvent.CALL_STARTED, StartEvent.REPORT_RECEIVED, StartEvent.PINNED), since
        )
    first = select(func.min(IncidentReport.told_at), func.min(IncidentReport.received_at))
    told_at, received_at = session.execute(
        first.where(IncidentReport.incident_id == incident.id)
    ).one()
    return {
        StartEvent.CALL_STARTED: min(incident.created_at, *filter(None, (told_at,))),
        StartEvent.REPORT_RECEIVED: min(incident.created_at, *filter(None, (received_at,))),
        StartEvent.PINNED: incident.created_at,
    }
