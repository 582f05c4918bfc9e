"""Reads what a delivery says, and in which language."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.models import Account
from dispatch.assignments.models import Assignment
from dispatch.crews.models import Crew
from dispatch.deliveries.message_texts import ENGLISH
from dispatch.deliveries.message_texts import About
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.states import Purpose
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind


class MessageFacts(NamedTuple):
    """What is told about, and the language of the crew's accounts."""

    about: About
    language: str


def message_facts(session: Session, delivery: Delivery) -> MessageFacts:
    """Return what a delivery is about; nothing that names a caller."""
    crew_name = _crew_name(session, delivery)
    about = About(crew_name=crew_name)
    if delivery.incident_id is not None and delivery.purpose != Purpose.TEST:
        query = (
            select(Incident.priority, Incident.address, IncidentKind.name_en, IncidentKind.name_zh)
            .join(IncidentKind, IncidentKind.code == Incident.kind)
            .where(Incident.id == delivery.incident_id)
        )
        row = session.execute(query).one()
        about = About(row.priority, row.name_en, row.name_zh, row.address, crew_name)
    return MessageFacts(about, language_of(session, delivery.crew_id))


def language_of(session: Session, crew_id: int | None) -> str:
    """Return the language of a crew: that of its newest account that has chosen one."""
    if crew_id is None:
        return ENGLISH
    query = (
        select(Account.language)
        .where(
            Account.crew_id == crew_id,
            Account.language.is_not(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id.desc())
        .limit(1)
    )
    return session.scalar(query) or ENGLISH


def _crew_name(session: Session, delivery: Delivery) -> str:
    """Return the crew that is told, or that has the order of which a supervisor is told."""
    query = select(Crew.name)
    if delivery.crew_id is not None:
        query = query.where(Crew.id == delivery.crew_id)
    elif delivery.assignment_id is not None:
        query = query.join(Assignment).where(Assignment.id == delivery.assignment_id)
    else:
        return ""
    return session.scalar(query) or ""
