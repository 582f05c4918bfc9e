"""Which gateway sends SMS to people outside: the first one switched on that belongs there."""

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.gateways.models import Gateway
from dispatch.gateways.states import GatewayKind


def sms_gateway(
    session: Session, belongs: ColumnElement[bool], *, knows_pages: bool = False
) -> Gateway | None:
    """Return the gateway for SMS, or None if there is none.

    Parameters
    ----------
    belongs
        A condition on `Gateway.unit_id`: of which units it may be.
    knows_pages
        Whether it must know where people find our pages, for a link.
    """
    query = select(Gateway).where(
        Gateway.kind == GatewayKind.SMS.value,
        Gateway.enabled,
        Gateway.removed_at.is_(None),
        belongs,
    )
    if knows_pages:
        query = query.where(Gateway.page_url.is_not(None))
    return session.scalar(query.order_by(Gateway.id).limit(1))
