"""Members of crews: added, moved from crew to crew, ended; and the people themselves."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews import member_rows
from dispatch.crews import membership
from dispatch.crews.models import Crew
from dispatch.crews.models import CrewMember
from dispatch.crews.models import Person
from dispatch.crews.types import AddMember
from dispatch.crews.types import ChangeMember
from dispatch.crews.types import ChangePerson
from dispatch.crews.types import CrewCardAnswer
from dispatch.crews.types import MemberAnswer
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.skills.people_locks import HeldPeople
from dispatch.skills.people_locks import lock_people
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.vehicles import vehicle_rows
from dispatch.writes.crew_checks import refuse_lent
from dispatch.writes.crew_checks import refuse_retired
from dispatch.writes.idempotency import Once

_T = TypeVar("_T")


class MemberService:
    """What can be done with members of crews."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        upkeep: SkillUpkeep,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._upkeep = upkeep
        self._clock = clock

    def card(self, actor: Actor, crew_id: int) -> CrewCardAnswer:
        """Return a crew with its members, their tickets, and its vehicles."""
        if actor.crew_id != crew_id:
            actor.require(Permission.CREW_READ)
        today = self._upkeep.today(self._clock())
        with self._work.reading() as session:
            crew = session.get(Crew, min(crew_id, LARGEST_ID))
            if crew is None:
                raise NotFound.thing("crew", crew_id)
            ended = CrewMember.until_on < today
            mine = CrewMember.crew_id == crew_id
            lasts = or_(CrewMember.until_on.is_(None), ~ended)
            warning = self._upkeep.warning
            return {
                "crew": self._read_model.crews(session, [crew_id])[crew_id],
                "own_skills": crew.own_skills,
                "own_emergency_drive": crew.own_emergency_drive,
                "members": member_rows.members(session, actor, today, warning, mine, lasts),
                "past_members": member_rows.members(session, actor, today, warning, mine, ended),
                "vehicles": vehicle_rows.of_crew(session, crew_id),
            }

    def add(self, actor: Actor, crew_id: int, wanted: AddMember) -> MemberAnswer:
        """Put somebody into a crew: somebody new, or somebody who leaves another crew for it.

        A person is in one crew at a time: the time in the other ends the day before.

        Raises
        ------
        InvalidInput
            On ``name``, ``personnel_number``, ``username``, ``until_on`` or ``leads``.
        Conflict
            ``crew_retired``.
        """
        actor.require(Permission.CREW_WRITE)
        # What is kept of repeated requests must not hold telephones, not even as part of a hash.
        named = wanted.model_copy(update={"phone": ""})
        once = Once.of(actor, wanted.client_id, named, crew_id=crew_id)

        def work(session: Session) -> MemberAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return self._one(session, actor, before["id"])
            answer = self.add_in(session, actor, crew_id, wanted)
            once.finish(session, {"id": answer["id"]})
            return answer

        return _named(lambda: self._work.run(work))

    def add_in(
        self, session: Session, actor: Actor, crew_id: int, wanted: AddMember
    ) -> MemberAnswer:
        """Put somebody into a crew inside a transaction that does more."""
        now = self._clock()
        first = wanted.from_on or self._upkeep.today(now)
        if wanted.until_on is not None and wanted.until_on < first:
            raise InvalidInput.one("until_on", N_("must not end before it begins"))
        person_id = wanted.person_id or self._new_person(session, wanted)
        held = lock_people(session, [person_id], [crew_id])
        refuse_lent(held.crews[crew_id])
        refuse_retired(held.crews[crew_id])
        membership.leave_others(session, person_id, first)
        member = CrewMember(
            crew_id=crew_id,
            person_id=person_id,
            leads=False,
            from_on=first,
            until_on=wanted.until_on,
        )
        session.add(member)
        session.flush()
        if wanted.leads:
            membership.appoint(session, member)
        return self._changed(session, actor, held, member, "added")

    def change(
        self, actor: Actor, crew_id: int, member_id: int, wanted: ChangeMember
    ) -> MemberAnswer:
        """Change the days of a membership, or who leads: of two leaders the later named does."""
        actor.require(Permission.CREW_WRITE)

        def work(session: Session) -> MemberAnswer:
            held, member = self._locked(session, crew_id, member_id)
            if wanted.from_on is not None:
                member.from_on = wanted.from_on
            if "until_on" in wanted.model_fields_set:
                member.until_on = wanted.until_on
            if member.until_on is not None and member.until_on < member.from_on:
                raise InvalidInput.one("until_on", N_("must not end before it begins"))
            if wanted.leads is not None:
                member.leads = False
            session.flush()
            if wanted.leads:
                membership.appoint(session, member)
            return self._changed(session, actor, held, member, "changed")

        return _named(lambda: self._work.run(work))

    def end(self, actor: Actor, crew_id: int, member_id: int) -> None:
        """Take somebody out of a crew, from this moment on."""
        actor.require(Permission.CREW_WRITE)

        def work(session: Session) -> None:
            held, member = self._locked(session, crew_id, member_id)
            membership.end_before(session, member, self._upkeep.today(self._clock()))
            self._tell(session, actor, held, crew_id, member.person_id, "ended")

        self._work.run(work)

    def change_person(self, actor: Actor, person_id: int, wanted: ChangePerson) -> None:
        """Change what is named of a person.

        Raises
        ------
        InvalidInput
            On ``personnel_number`` or ``username``.
        """
        actor.require(Permission.CREW_WRITE)
        given = wanted.given()

        def work(session: Session) -> None:
            held = lock_people(session, [person_id])
            person = held.people[person_id]
            if "username" in given:
                person.account_id = _account_id(session, wanted.username)
            for name in ("name", "personnel_number", "phone"):
                if name in given and (given[name] is not None or name == "personnel_number"):
                    setattr(person, name, given[name])
            session.flush()
            # Which fields, and not what was in them: they are personal.
            data = {"person_id": person_id, "fields": sorted(given)}
            now = self._clock()
            events.append(session, EventKind.PERSON_CHANGED, actor, at=now, data=data)

        _named(lambda: self._work.run(work))

    def _new_person(self, session: Session, wanted: AddMember) -> int:
        if not wanted.name:
            raise InvalidInput.one("name", N_("is required"))
        person = Person(
            name=wanted.name,
            personnel_number=wanted.personnel_number,
            phone=wanted.phone,
            account_id=_account_id(session, wanted.username),
            created_at=self._clock(),
        )
        session.add(person)
        session.flush()
        return person.id

    @staticmethod
    def _locked(session: Session, crew_id: int, member_id: int) -> tuple[HeldPeople, CrewMember]:
        found = session.get(CrewMember, min(member_id, LARGEST_ID))
        if found is None or found.crew_id != crew_id:
            raise NotFound.thing("member", member_id)
        held = lock_people(session, [found.person_id], [crew_id])
        refuse_lent(held.crews[crew_id])
        query = select(CrewMember).where(CrewMember.id == found.id).with_for_update()
        again = session.scalar(query.execution_options(populate_existing=True))
        if again is None:
            raise NotFound.thing("member", member_id)
        return held, again

    def _changed(
        self, session: Session, actor: Actor, held: HeldPeople, member: CrewMember, how: str
    ) -> MemberAnswer:
        session.flush()
        self._tell(session, actor, held, member.crew_id, member.person_id, how)
        return self._one(session, actor, member.id)

    def _tell(
        self,
        session: Session,
        actor: Actor,
        held: HeldPeople,
        crew_id: int,
        person_id: int,
        how: str,
    ) -> None:
        """Have what follows for the crews follow, and leave the events: numbers, no names."""
        now = self._clock()
        told = self._upkeep.refresh(session, held.crews.values(), actor, now)
        data = {"person_id": person_id, "how": how}
        kind = EventKind.CREW_MEMBERS_CHANGED
        events.append(session, kind, actor, at=now, crew_id=crew_id, data=data)
        for tell in told:
            tell()

    def _one(self, session: Session, actor: Actor, member_id: int) -> MemberAnswer:
        today = self._upkeep.today(self._clock())
        mine = CrewMember.id == member_id
        return member_rows.members(session, actor, today, self._upkeep.warning, mine)[0]


def _account_id(session: Session, username: str | None) -> int | None:
    if not username:
        return None
    account_id = session.scalar(select(Account.id).where(Account.username == username))
    if account_id is None:
        raise InvalidInput.one("username", N_("There is no account named %(id)s."), id=username)
    return account_id


def _named(act: Callable[[], _T]) -> _T:
    """Act; refuse what a constraint refuses with the field that it is about."""
    try:
        return act()
    except IntegrityError as error:
        told = str(error.orig)
        if "uq_person_company_id_personnel_number" in told:
            message = N_("is the number of another person")
            raise InvalidInput.one("personnel_number", message) from error
        if "uq_person_account_id" in told:
            raise InvalidInput.one("username", N_("is another person's account")) from error
        if "ex_crew_member_one_crew" in told:
            message = N_("This person is in another crew on some of these days.")
            raise Conflict("member_elsewhere", message) from error
        raise
