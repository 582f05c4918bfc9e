"""Keeps what each crew can do as it is now, in the transaction that changes what it follows from.

The next change by itself (a ticket begins or ends to count, or is to be warned of) is a deadline of
the crew, so that nothing polls.
"""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.board import attendance_rows
from dispatch.crews.models import Crew
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.notices import notice_rows
from dispatch.notices.states import NoticeKind
from dispatch.skills import effective
from dispatch.skills.effective import Holding
from dispatch.skills.models import SkillTicket
from dispatch.writes import row_locks

_FACTS = text("SELECT * FROM crew_ticket_facts(:crew_ids)")
Tell = Callable[[], object]


@dataclass(frozen=True, slots=True)
class SkillUpkeep:
    """Works out anew what crews can do.

    Attributes
    ----------
    zone
        Whose midnights tickets begin and end at.
    warning
        How long before its last day a ticket is warned of.
    """

    zone: ZoneInfo
    warning: timedelta

    def today(self, now: datetime) -> date:
        """Return the local day."""
        return effective.local_day(now, self.zone)

    def refresh(
        self,
        session: Session,
        crews: Iterable[Crew],
        actor: Actor,
        now: datetime,
        *,
        many: bool = False,
    ) -> list[Tell]:
        """Write what crews can do now, and set the deadline of each for its next change.

        Parameters
        ----------
        session
            Holds the locks of the crews and of the incidents in their queues
            (`row_locks.lock_crews`).
        many
            An import changes them: only of orders that lost a skill is told at once. What expires
            soon is told at midnight, so that nobody waits for thousands of events.

        Returns
        -------
        tell
            Functions that write the events; to be called last, as all events are.
        """
        found = list(crews)
        session.flush()
        holdings = holdings_of(session, [each.id for each in found])
        told: list[Tell] = []
        due: dict[int, datetime | None] = {}
        for crew in found:
            mine = holdings.get(crew.id, [])
            changed, lost = self._work_out(crew, mine, now)
            if changed and not many:
                kind = EventKind.CREW_SKILLS_CHANGED
                told.append(_event(session, kind, actor, now, crew, changed))
            told += _tell_orders(session, crew, lost, now)
            if not many:
                told += self._warn(session, crew, mine, now)
            due[crew.id] = self._next_at(mine, now, unwarned=many)
        deadline_rows.replace_of_crews(session, DeadlineKind.CREW_SKILLS, due, now)
        session.flush()
        return told

    def _work_out(
        self, crew: Crew, mine: Sequence[Holding], now: datetime
    ) -> tuple[dict[str, Any] | None, set[str]]:
        """Write what a crew can do now; return what changed for its event, and what it lost."""
        day = self.today(now)
        before, lapsed_before = crew.skills, crew.lapsed_skills
        has = effective.effective_skills(crew.own_skills, mine, day)
        lapsed = effective.lapsed_skills(crew.own_skills, mine, day)
        crew.lapsed_skills = {
            code: {"how": each.how.value, "day": each.day.isoformat()}
            for code, each in lapsed.items()
        } or None
        lost, gained = set(before) - set(has), set(has) - set(before)
        if lost or gained:
            crew.skills = has
        elif crew.lapsed_skills == lapsed_before:
            return None, set()
        lapses = crew.lapsed_skills or {}
        return {"gained": sorted(gained), "lost": sorted(lost), "lapsed": lapses}, lost

    def _warn(
        self, session: Session, crew: Crew, mine: Sequence[Holding], now: datetime
    ) -> Iterator[Tell]:
        new = [
            each
            for each in effective.expiring(mine, self.today(now), self.warning)
            if not each.warned
        ]
        if not new:
            return
        ids = [each.ticket_id for each in new]
        session.execute(update(SkillTicket).where(SkillTicket.id.in_(ids)).values(warned_at=now))
        for each in new:
            data = {
                "ticket_id": each.ticket_id,
                "skill": each.skill,
                "day": each.valid_until and each.valid_until.isoformat(),
            }
            yield _event(session, EventKind.TICKET_EXPIRES_SOON, SYSTEM, now, crew, data)

    def _next_at(
        self, mine: Sequence[Holding], now: datetime, *, unwarned: bool
    ) -> datetime | None:
        """Return when the next change is, or when warnings that are put off are to be told."""
        today = self.today(now)
        day = effective.next_change(mine, today, self.warning)
        if unwarned and any(
            not each.warned for each in effective.expiring(mine, today, self.warning)
        ):
            day = today + timedelta(days=1)
        return None if day is None else effective.midnight(day, self.zone)


def holdings_of(session: Session, crew_ids: Sequence[int]) -> dict[int, list[Holding]]:
    """Return the tickets of the members of crews, past and future ones too, by crew."""
    found: dict[int, list[Holding]] = {}
    for row in session.execute(_FACTS, {"crew_ids": list(crew_ids)}):
        crew_id, *facts = row
        found.setdefault(crew_id, []).append(Holding._make(facts))
    return found


def needed_by(session: Session, order: Assignment, kind: str, level: int) -> set[str]:
    """Return the skills that the work of an order needs: those of its task of the plan."""
    tasks = attendance_rows.plans(session, [kind])[kind]
    named = [task for task in tasks if task.code == order.task]
    # Beyond the plan, or its task is gone: what whoever comes first is asked for.
    mine = named or [task for task in tasks if task.level <= level][:1]
    return {code for task in mine[:1] for code in task.skills}


def lost_by_order(
    session: Session, crew: Crew, order: Assignment, skills: Iterable[str], now: datetime
) -> Iterator[Tell]:
    """Yield the events that an order needs skills which its crew no longer has."""
    for code in sorted(skills):
        lapse = (crew.lapsed_skills or {}).get(code, {})
        yield partial(
            events.append,
            session,
            EventKind.ASSIGNMENT_SKILL_LOST,
            SYSTEM,
            at=now,
            incident_id=order.incident_id,
            assignment_id=order.id,
            crew_id=crew.id,
            data={"skill": code, **lapse},
        )


def _tell_orders(session: Session, crew: Crew, lost: set[str], now: datetime) -> Iterator[Tell]:
    """Yield what desk and crew are told of orders whose work needs skills that were lost."""
    for order, skills in _orders_that_need(session, crew.id, lost):
        yield from lost_by_order(session, crew, order, skills, now)
        what = [_told_crew(crew, code) for code in sorted(skills)]
        yield from notice_rows.make(session, [order], NoticeKind.SKILL_LOST, SYSTEM, now, what=what)


def _told_crew(crew: Crew, code: str) -> dict[str, Any]:
    lapse = (crew.lapsed_skills or {}).get(code, {})
    return {"field": "skill", "old": code, "new": lapse.get("day")}


def _orders_that_need(
    session: Session, crew_id: int, lost: set[str]
) -> Iterator[tuple[Assignment, set[str]]]:
    """Yield the live orders of a crew whose work needs skills that it has just lost, and which."""
    if not lost:
        return
    for order in row_locks.live_assignments(session, [crew_id]):
        incident = session.get_one(Incident, order.incident_id)
        missing = needed_by(session, order, incident.kind, incident.level) & lost
        if missing:
            yield order, missing


def _event(
    session: Session,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    crew: Crew,
    data: dict[str, Any],
) -> Tell:
    return partial(events.append, session, kind, actor, at=now, crew_id=crew.id, data=data)
