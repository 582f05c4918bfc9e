"""What will not work on the phones of a crew, as their own pages found out."""

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.reach.models import PhoneCheck
from dispatch.reach.states import PhoneTrouble
from dispatch.reach.types import PhoneChecksAnswer
from dispatch.reach.types import ReportPhoneCheck

_KEPT_FOR: Final = timedelta(days=30)
_MOST_PHONES: Final = 8
_KEEP = insert(PhoneCheck)
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=["crew_id", "device"],
    set_={name: _KEEP.excluded[name] for name in ("model", "checked_at", "troubles")},
)
_NEWEST = (
    select(PhoneCheck)
    .where(PhoneCheck.crew_id == bindparam("crew_id"))
    .order_by(PhoneCheck.checked_at.desc(), PhoneCheck.device)
)


class PhoneCheckService:
    """Keeps what each phone last found, and shows it to the desk."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def report(self, actor: Actor, crew_id: int, wanted: ReportPhoneCheck) -> PhoneChecksAnswer:
        """Take what a phone of the crew found; it leaves no event, as with signs of its page.

        Phones that have not been checked for 30 days are forgotten, and all but the newest eight.

        Raises
        ------
        NotAllowed
            If it is not the crew's own phone that says so.
        """
        actor.require(Permission.ASSIGNMENT_ACT_OWN)
        if actor.crew_id != crew_id:
            message = N_("Only a crew's own page can say this.")
            raise NotAllowed(message)
        now = self._clock()
        row = {
            "crew_id": crew_id,
            "device": wanted.device,
            "model": wanted.model,
            "checked_at": now,
            "troubles": sorted(set(wanted.troubles)),
        }
        with self._work.writing() as session:
            session.execute(_KEEP, row)
            newest = _NEWEST.with_only_columns(PhoneCheck.device).limit(_MOST_PHONES)
            kept = session.scalars(newest, {"crew_id": crew_id}).all()
            session.execute(
                delete(PhoneCheck).where(
                    PhoneCheck.crew_id == crew_id,
                    PhoneCheck.device.not_in(kept) | (PhoneCheck.checked_at < now - _KEPT_FOR),
                )
            )
        return self.list(actor, crew_id)

    def list(self, actor: Actor, crew_id: int) -> PhoneChecksAnswer:
        """Return the phones of a crew; the crew sees its own.

        Raises
        ------
        NotFound
            If there is no such crew.
        """
        if actor.crew_id != crew_id:
            actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            if session.get(Crew, min(crew_id, LARGEST_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            rows = session.scalars(_NEWEST, {"crew_id": crew_id}).all()
        return {
            "phones": [
                {
                    "model": row.model,
                    "checked_at": instant(row.checked_at),
                    "troubles": [PhoneTrouble(each) for each in row.troubles],
                }
                for row in rows
            ]
        }
