"""The list of equipment, and what each kind of incident needs of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.list_query import EVERYTHING
from dispatch.core.list_query import ListQuery
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import IncidentKind
from dispatch.skills import word_lists
from dispatch.skills.types import ListEntryAnswer
from dispatch.skills.types import SetListEntry
from dispatch.vehicles import vehicle_rows
from dispatch.vehicles.models import EquipmentEntry
from dispatch.vehicles.types import EquipmentListAnswer
from dispatch.vehicles.types import NeededEquipmentAnswer
from dispatch.vehicles.types import SetNeededEquipment

_LISTING = word_lists.listing_of(EquipmentEntry)


class EquipmentService:
    """What can be asked of the list of equipment."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def listed(self) -> list[ListEntryAnswer]:
        """Return the list, for pages to name equipment by."""
        with self._work.reading() as session:
            return [word_lists.entry_answer(each) for each in vehicle_rows.entries(session)]

    def list(self, actor: Actor, query: ListQuery = EVERYTHING) -> EquipmentListAnswer:
        """Return the list."""
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            found = listing.find(session, select(EquipmentEntry), _LISTING, query)
        return {
            "equipment": [word_lists.entry_answer(each) for each in found.rows],
            "total": found.total,
        }

    def set(self, actor: Actor, code: str, wanted: SetListEntry) -> ListEntryAnswer:
        """Add an entry, change its words, or retire it: vehicles keep it.

        Raises
        ------
        InvalidInput
            On ``code``, if it is none.
        """
        actor.require(Permission.VEHICLE_WRITE)

        def work(session: Session) -> ListEntryAnswer:
            answer = word_lists.set_entry(session, EquipmentEntry, code, wanted)
            now = self._clock()
            events.append(session, EventKind.EQUIPMENT_CHANGED, actor, at=now, data=answer)
            return answer

        return self._work.run(work)

    def set_needed(
        self, actor: Actor, kind: str, wanted: SetNeededEquipment
    ) -> NeededEquipmentAnswer:
        """Set what one of the crews at incidents of a kind has to bring.

        Raises
        ------
        InvalidInput
            On ``equipment``, if it is not in the list.
        """
        actor.require(Permission.KIND_WRITE)

        def work(session: Session) -> NeededEquipmentAnswer:
            row = session.get(IncidentKind, kind, with_for_update=True)
            if row is None:
                raise NotFound.thing("kind", kind)
            vehicle_rows.refuse_unknown(session, wanted.equipment)
            row.equipment = list(dict.fromkeys(wanted.equipment))
            session.flush()
            answer: NeededEquipmentAnswer = {"kind": kind, "equipment": row.equipment}
            now = self._clock()
            events.append(session, EventKind.EQUIPMENT_CHANGED, actor, at=now, data=answer)
            return answer

        return self._work.run(work)
