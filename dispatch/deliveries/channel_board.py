"""Which way works for whom, before it is needed: read for the board of channels."""

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from typing import Final
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.deliveries.contacts import SUPERVISOR
from dispatch.deliveries.contacts import contacts
from dispatch.deliveries.delivery_answers import delivery_answer
from dispatch.deliveries.delivery_answers import named_deliveries
from dispatch.deliveries.models import Contact
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import Failure
from dispatch.deliveries.types import ChannelBoardAnswer
from dispatch.deliveries.types import CrewChannelAnswer
from dispatch.deliveries.types import CrewChannelsAnswer
from dispatch.deliveries.types import DeliveryAnswer
from dispatch.gateways.models import Gateway
from dispatch.gateways.states import GatewayKind
from dispatch.reach.models import CrewReach

_Way = tuple[int, str, int | None]
"""A crew's way: crew, channel, and which address on a gateway."""

# One look into the index for each way and kind of delivery, however many deliveries there are.
_LAST: Final = text("""
    SELECT way.test, last.id
    FROM unnest(CAST(:crews AS bigint[]), CAST(:channels AS text[]), CAST(:contacts AS bigint[]))
        AS asked (crew_id, channel, contact_id)
    CROSS JOIN (VALUES (true), (false)) AS way (test)
    CROSS JOIN LATERAL (
        SELECT id FROM delivery
        WHERE crew_id = asked.crew_id AND channel = asked.channel
            AND contact_id IS NOT DISTINCT FROM asked.contact_id
            AND (purpose = 'test') = way.test AND state <> 'cancelled'
        ORDER BY id DESC LIMIT 1
    ) AS last
""")
_PHONES = select(
    PushSubscription.crew_id,
    func.max(PushSubscription.worked_at).label("worked_at"),
    func.max(PushSubscription.failed_at).label("failed_at"),
    func.max(PushSubscription.failure).label("failure"),
    func.bool_or(PushSubscription.failed_at.is_(None)).label("some_work"),
).group_by(PushSubscription.crew_id)
_ADDRESSES = (
    select(Contact, Gateway.name, Gateway.kind)
    .join(Gateway, Gateway.id == Contact.gateway_id)
    .where(Contact.crew_id.is_not(None), Gateway.enabled)
    .order_by(Contact.crew_id, Contact.sort)
)
_CREWS = (
    select(Crew.id, Crew.name, Crew.duty, CrewReach.sound_until, CrewReach.seen_at)
    .outerjoin(CrewReach, CrewReach.crew_id == Crew.id)
    .order_by(case((Crew.duty == bindparam("on_duty"), 0), else_=1), Crew.name, Crew.id)
)


class _Known(NamedTuple):
    """What is known of one way."""

    works: bool | None
    worked_at: datetime | None
    failed_at: datetime | None = None
    failure: str | None = None
    gateway_id: int | None = None
    name: str | None = None
    kind: str | None = None
    address: str | None = None


def channel_board(session: Session, now: datetime) -> ChannelBoardAnswer:
    """Return all crews, those on duty first, each with the ways to it."""
    crews = session.execute(_CREWS, {"on_duty": Duty.ON_DUTY.value}).all()
    ways: dict[_Way, _Known] = {}
    for row in crews:
        ways[row.id, DeliveryChannel.PAGE, None] = _page(row, now)
    for crew_id, worked_at, failed_at, failure, some_work in session.execute(_PHONES):
        ways[crew_id, DeliveryChannel.PUSH, None] = _Known(
            _works(worked_at, failing=not some_work),
            worked_at,
            failed_at,
            None if some_work else failure,
        )
    for contact, name, kind in session.execute(_ADDRESSES):
        ways[contact.crew_id or 0, DeliveryChannel.GATEWAY, contact.id] = _Known(
            _works(contact.worked_at, failing=contact.failed_at is not None),
            contact.worked_at,
            contact.failed_at,
            contact.failure,
            contact.gateway_id,
            name,
            kind,
            contact.address,
        )
    tests, real = _last(session, ways)
    channels: dict[int, list[CrewChannelAnswer]] = {row.id: [] for row in crews}
    for way, known in ways.items():
        channels[way[0]].append(_channel(way, known, tests.get(way), real.get(way)))
    shown: list[CrewChannelsAnswer] = [
        {
            "crew_id": row.id,
            "crew_name": row.name,
            "duty": Duty(row.duty),
            "channels": channels[row.id],
        }
        for row in crews
    ]
    return {"crews": shown, "supervisor": contacts(session, role=SUPERVISOR)}


def _page(row: Any, now: datetime) -> _Known:  # noqa: ANN401  (a result row)
    if row.seen_at is None:
        return _Known(None, None)
    return _Known(row.sound_until is not None and row.sound_until > now, row.seen_at)


def _works(worked_at: datetime | None, *, failing: bool) -> bool | None:
    if failing:
        return False
    return None if worked_at is None else True


def _last(
    session: Session, ways: Iterable[_Way]
) -> tuple[Mapping[_Way, DeliveryAnswer], Mapping[_Way, DeliveryAnswer]]:
    """Return the last test and the last real delivery of each way."""
    asked = list(ways)
    parameters = {
        "crews": [each[0] for each in asked],
        "channels": [str(each[1]) for each in asked],
        "contacts": [each[2] for each in asked],
    }
    found = {row.id: row.test for row in session.execute(_LAST, parameters)}
    tests: dict[_Way, DeliveryAnswer] = {}
    real: dict[_Way, DeliveryAnswer] = {}
    for row, name in session.execute(named_deliveries().where(Delivery.id.in_(list(found)))):
        way = (row.crew_id or 0, row.channel, row.contact_id)
        (tests if found[row.id] else real)[way] = delivery_answer(row, name)
    return tests, real


def _channel(
    way: _Way, known: _Known, test: DeliveryAnswer | None, real: DeliveryAnswer | None
) -> CrewChannelAnswer:
    return {
        "channel": DeliveryChannel(way[1]),
        "gateway_id": known.gateway_id,
        "name": known.name,
        "address": known.address,
        "gateway_kind": None if known.kind is None else GatewayKind(known.kind),
        "works": known.works,
        "worked_at": instant(known.worked_at),
        "failed_at": instant(known.failed_at),
        "failure": None if known.failure is None else Failure(known.failure),
        "last_test": test,
        "last_real": real,
    }
