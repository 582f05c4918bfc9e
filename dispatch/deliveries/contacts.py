"""By which ways crews and supervisors are told: set as a whole, in the order of trying."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.deliveries.channel_marks import refresh_reach
from dispatch.deliveries.models import Contact
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import Failure
from dispatch.deliveries.types import ContactAnswer
from dispatch.deliveries.types import ContactGiven
from dispatch.deliveries.types import ContactsAnswer
from dispatch.deliveries.types import SetContacts
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.gateways.states import GatewayKind
from dispatch.units.belonging import sees_rows_of

SUPERVISOR = "supervisor"
"""The one role that has contacts."""


class ContactService:
    """Whom is told by which way."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def of_crew(self, actor: Actor, crew_id: int) -> ContactsAnswer:
        """Return a crew's ways; it sees its own."""
        if actor.crew_id != crew_id:
            actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            _require_crew(session, crew_id)
            return {"contacts": contacts(session, crew_id=crew_id)}

    def of_supervisor(self, actor: Actor) -> ContactsAnswer:
        """Return the supervisors' ways."""
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            return {"contacts": contacts(session, role=SUPERVISOR)}

    def set_of_crew(self, actor: Actor, crew_id: int, wanted: SetContacts) -> ContactsAnswer:
        """Set a crew's ways; those that stay keep what is known of them.

        Raises
        ------
        InvalidInput
            If an entry has no address, or names a gateway that there is not.
        """
        return self._set(actor, wanted, crew_id=crew_id)

    def set_of_supervisor(self, actor: Actor, wanted: SetContacts) -> ContactsAnswer:
        """Set the supervisors' ways."""
        return self._set(actor, wanted, role=SUPERVISOR)

    def _set(
        self,
        actor: Actor,
        wanted: SetContacts,
        *,
        crew_id: int | None = None,
        role: str | None = None,
    ) -> ContactsAnswer:
        if not actor.may(Permission.RULES_WRITE):
            actor.require(Permission.GATEWAY_WRITE)
        _refuse_incomplete(wanted.contacts)

        def work(session: Session) -> ContactsAnswer:
            now = self._clock()
            events.take_turn(session)
            if crew_id is not None:
                _require_crew(session, crew_id)
            _refuse_unknown(session, wanted.contacts)
            mine = select(Contact).where(_of(crew_id, role))
            kept = {_key(each): each for each in session.scalars(mine)}
            for sort, given in enumerate(wanted.contacts):
                contact = kept.pop(_key(given), None)
                if contact is None:
                    contact = Contact(
                        crew_id=crew_id,
                        role=role,
                        channel=given.channel,
                        gateway_id=given.gateway_id,
                        address=given.address,
                    )
                    session.add(contact)
                contact.sort, contact.language = sort, given.language
            for contact in kept.values():
                session.delete(contact)
            session.flush()
            refresh_reach(session, crew_id)
            data: dict[str, Any] = {"ways": len(wanted.contacts)}
            if role is not None:
                data["role"] = role
            events.append(
                session, EventKind.CONTACTS_CHANGED, actor, at=now, crew_id=crew_id, data=data
            )
            return {"contacts": contacts(session, crew_id=crew_id, role=role)}

        return self._work.run(work)


def contacts(
    session: Session, *, crew_id: int | None = None, role: str | None = None
) -> list[ContactAnswer]:
    """Return ways as the API shows them."""
    query = (
        select(Contact, Gateway.name, Gateway.kind)
        .outerjoin(Gateway, Gateway.id == Contact.gateway_id)
        .where(_of(crew_id, role))
        .order_by(Contact.sort, Contact.id)
    )
    return [_answer(*row) for row in session.execute(query)]


def _of(crew_id: int | None, role: str | None) -> ColumnElement[bool]:
    """Return which ways are a crew's, or those of the supervisors of one's own unit."""
    if crew_id is not None:
        return Contact.crew_id == crew_id
    return (Contact.role == role) & (Contact.unit_id == func.home_unit())


def _answer(contact: Contact, name: str | None, kind: str | None) -> ContactAnswer:
    return {
        "id": contact.id,
        "channel": DeliveryChannel(contact.channel),
        "gateway_id": contact.gateway_id,
        "gateway_name": name,
        "gateway_kind": None if kind is None else GatewayKind(kind),
        "address": contact.address,
        "language": contact.language,  # type: ignore[typeddict-item]  # a CHECK holds which
        "worked_at": instant(contact.worked_at),
        "failed_at": instant(contact.failed_at),
        "failure": None if contact.failure is None else Failure(contact.failure),
    }


def _key(each: Contact | ContactGiven) -> tuple[str, int | None, str]:
    return each.channel, each.gateway_id, each.address


def _require_crew(session: Session, crew_id: int) -> None:
    """Hold that a crew is there and no other unit's: of one that is lent only its place is told."""
    crew = session.get(Crew, min(crew_id, LARGEST_ID))
    if crew is None or not sees_rows_of(crew.unit_id):
        raise NotFound.thing("crew", crew_id)


def _refuse_incomplete(given: Sequence[ContactGiven]) -> None:
    wrong = []
    for place, each in enumerate(given):
        by_gateway = each.channel == "gateway"
        if by_gateway and each.gateway_id is None:
            wrong.append(FieldError(f"contacts.{place}.gateway_id", N_("is required")))
        if not by_gateway and each.gateway_id is not None:
            message = N_("belongs to the channel gateway")
            wrong.append(FieldError(f"contacts.{place}.gateway_id", message))
        if by_gateway and not each.address:
            wrong.append(FieldError(f"contacts.{place}.address", N_("is required")))
    if len({_key(each) for each in given}) < len(given):
        wrong.append(FieldError("contacts", N_("names a way twice")))
    if wrong:
        raise InvalidInput(wrong)


def _refuse_unknown(session: Session, given: Sequence[ContactGiven]) -> None:
    query = select(Gateway.id).where(Gateway.removed_at.is_(None))
    known = set(session.scalars(query))
    wrong = [
        FieldError(f"contacts.{place}.gateway_id", N_("is no gateway"))
        for place, each in enumerate(given)
        if each.gateway_id is not None and each.gateway_id not in known
    ]
    if wrong:
        raise InvalidInput(wrong)
