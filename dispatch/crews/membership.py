"""Who is in a crew when, inside the transaction that changes it; a person is in one at a time."""

from collections.abc import Collection
from datetime import date
from datetime import timedelta

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import among
from dispatch.crews.models import CrewMember

_A_DAY = timedelta(days=1)


def leave_others(session: Session, person_id: int, first: date) -> None:
    """End a person's time in other crews where the time in a new one begins."""
    query = select(CrewMember).where(
        CrewMember.person_id == person_id,
        or_(CrewMember.until_on.is_(None), CrewMember.until_on >= first),
        CrewMember.from_on <= first,
    )
    for each in session.scalars(query.with_for_update()):
        end_before(session, each, first)


def end_before(session: Session, member: CrewMember, day: date) -> None:
    """Have a membership end the day before a day; one that would never have been is forgotten."""
    if member.from_on < day:
        member.until_on = day - _A_DAY
    else:
        session.delete(member)
    session.flush()


def appoint(session: Session, member: CrewMember) -> None:
    """Have a member lead, and whoever led at the same time no longer."""
    lasts = or_(CrewMember.until_on.is_(None), CrewMember.until_on >= member.from_on)
    begins = true() if member.until_on is None else CrewMember.from_on <= member.until_on
    query = select(CrewMember).where(
        CrewMember.crew_id == member.crew_id,
        CrewMember.leads.is_(True),
        CrewMember.id != member.id,
        lasts,
        begins,
    )
    for each in session.scalars(query.with_for_update()):
        each.leads = False
    session.flush()
    member.leads = True
    session.flush()


def end_leading(session: Session, crew_ids: Collection[int], day: date) -> None:
    """Have nobody lead some crews from a day on."""
    lasts = or_(CrewMember.until_on.is_(None), CrewMember.until_on >= day)
    session.execute(
        update(CrewMember)
        .where(among(CrewMember.crew_id, crew_ids), CrewMember.leads.is_(True), lasts)
        .values(leads=False)
    )
