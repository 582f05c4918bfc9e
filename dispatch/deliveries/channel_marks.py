"""Notes on ways what they were good for last, and so whether a crew can be reached by them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.deliveries.models import Contact
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.posts import Outcome
from dispatch.deliveries.states import Failure
from dispatch.gateways.models import Gateway
from dispatch.reach.models import CrewReach


def note_reached(session: Session, delivery: Delivery, now: datetime) -> None:
    """Note that something reached somebody by a delivery's way."""
    if delivery.contact_id is not None:
        working = {"worked_at": now, "failed_at": None, "failure": None}
        session.execute(update(Contact).where(Contact.id == delivery.contact_id).values(**working))
    refresh_reach(session, delivery.crew_id)


def note_failed(session: Session, delivery: Delivery, failure: Failure, now: datetime) -> None:
    """Note that a delivery's way failed."""
    if delivery.contact_id is not None:
        failed = {"failed_at": now, "failure": failure.value}
        session.execute(update(Contact).where(Contact.id == delivery.contact_id).values(**failed))
    refresh_reach(session, delivery.crew_id)


def note_pushed(
    session: Session, crew_id: int | None, outcomes: Mapping[int, Outcome], now: datetime
) -> None:
    """Note of each phone what came of a push; one that has ended its subscription is forgotten."""
    for subscription_id, outcome in sorted(outcomes.items()):
        mine = PushSubscription.id == subscription_id
        if outcome.failure is Failure.GONE:
            session.execute(delete(PushSubscription).where(mine))
        elif outcome.failure is None:
            working = {"worked_at": now, "failed_at": None, "failure": None}
            session.execute(update(PushSubscription).where(mine).values(**working))
        else:
            failed = {"failed_at": now, "failure": outcome.failure.value}
            session.execute(update(PushSubscription).where(mine).values(**failed))
    refresh_reach(session, crew_id)


def refresh_reach(session: Session, crew_id: int | None) -> None:
    """Say anew whether a crew is reached by pushes and through gateways."""
    if crew_id is None:
        return
    session.flush()
    pushes = exists().where(
        PushSubscription.crew_id == crew_id, PushSubscription.failed_at.is_(None)
    )
    gateways = (
        exists()
        .where(Contact.crew_id == crew_id, Contact.worked_at.is_not(None))
        .where(Contact.failed_at.is_(None), Contact.gateway_id == Gateway.id, Gateway.enabled)
    )
    push, gateway = session.execute(select(pushes, gateways)).one()
    values = {"push": push, "gateway": gateway}
    statement = insert(CrewReach).values(crew_id=crew_id, devices={}, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["crew_id"], set_=values))
