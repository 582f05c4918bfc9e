"""Locks people together with the crews that they are in: incidents, then crews, then people."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.errors import NotFound
from dispatch.core.limits import LARGEST_ID
from dispatch.core.sql_expressions import among
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.crews.models import Crew
from dispatch.crews.models import CrewMember
from dispatch.crews.models import Person
from dispatch.writes import row_locks


@dataclass(frozen=True, slots=True)
class HeldPeople:
    """People and crews, locked until the transaction ends."""

    people: dict[int, Person]
    crews: dict[int, Crew]


def lock_people(
    session: Session, person_ids: Collection[int], crew_ids: Collection[int] = ()
) -> HeldPeople:
    """Lock people, every crew that they are, were or will be in, and further crews.

    Raises
    ------
    NotFound
        If there is no such person, or no such crew.
    ScopeChangedError
        If somebody came into yet another crew before the locks were held; the unit of work starts
        again.
    """
    wanted = {min(each, LARGEST_ID) for each in person_ids}
    named = {min(each, LARGEST_ID) for each in crew_ids}
    crews = row_locks.lock_crews(session, sorted(named | crews_of_people(session, wanted))).crews
    query = (
        select(Person)
        .where(among(Person.id, wanted), Person.removed_at.is_(None))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    people = {each.id: each for each in session.scalars(query)}
    for missing in wanted - people.keys():
        raise NotFound.thing("person", missing)
    for missing in named - crews.keys():
        raise NotFound.thing("crew", missing)
    if not crews_of_people(session, wanted) <= crews.keys():
        raise ScopeChangedError
    return HeldPeople(people, crews)


def crews_of_people(session: Session, person_ids: Collection[int]) -> set[int]:
    """Return the crews that people are, were or will be members of."""
    query = select(CrewMember.crew_id).where(among(CrewMember.person_id, person_ids)).distinct()
    return set(session.scalars(query))
