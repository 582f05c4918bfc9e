"""The list of skills: read, added to, changed."""

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.instants import Clock
from dispatch.core.list_query import EVERYTHING
from dispatch.core.list_query import ListQuery
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.skills import skill_rows
from dispatch.skills import word_lists
from dispatch.skills.models import SkillEntry
from dispatch.skills.types import ListEntryAnswer
from dispatch.skills.types import SetListEntry
from dispatch.skills.types import SkillsAnswer

_LISTING = word_lists.listing_of(SkillEntry)


class SkillService:
    """What can be asked of the list of skills."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, warning_days: int) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._warning_days = warning_days

    def listed(self) -> list[ListEntryAnswer]:
        """Return the list, for pages to name skills by; no secret to anybody who is signed in."""
        with self._work.reading() as session:
            return [word_lists.entry_answer(each) for each in skill_rows.entries(session)]

    def list(self, actor: Actor, query: ListQuery = EVERYTHING) -> SkillsAnswer:
        """Return the list, and how many crews have each skill or have it no longer."""
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            has = _counted(session, func.unnest(Crew.skills))
            lapsed = _counted(session, func.jsonb_object_keys(Crew.lapsed_skills))
            found = listing.find(session, select(SkillEntry), _LISTING, query)
            return {
                "skills": [
                    {
                        **word_lists.entry_answer(each),
                        "crews": has.get(each.code, 0),
                        "crews_lapsed": lapsed.get(each.code, 0),
                    }
                    for each in found.rows
                ],
                "total": found.total,
                "warning_days": self._warning_days,
            }

    def set(self, actor: Actor, code: str, wanted: SetListEntry) -> ListEntryAnswer:
        """Add a skill, change its words, or retire it: what it was given for stays.

        Raises
        ------
        InvalidInput
            On ``code``, if it is none.
        """
        actor.require(Permission.SKILL_WRITE)

        def work(session: Session) -> ListEntryAnswer:
            answer = word_lists.set_entry(session, SkillEntry, code, wanted)
            now = self._clock()
            events.append(session, EventKind.SKILL_CHANGED, actor, at=now, data=answer)
            return answer

        return self._work.run(work)


def _counted(session: Session, code: ColumnElement[str]) -> dict[str, int]:
    listed = select(code.label("code")).where(Crew.retired_at.is_(None)).subquery()
    query = select(listed.c.code, func.count()).group_by(listed.c.code)
    return {row[0]: row[1] for row in session.execute(query)}
