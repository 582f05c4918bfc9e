"""Devices, listed together and signed out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text
from sqlalchemy import cast
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import null
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import union_all
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.accounts.models import Credential
from dispatch.core import listing
from dispatch.core.columns import INSTANT
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.deliveries.channel_marks import refresh_reach
from dispatch.deliveries.models import PushSubscription
from dispatch.devices.types import DeviceAnswer
from dispatch.devices.types import DeviceKind
from dispatch.devices.types import DeviceListQuery
from dispatch.devices.types import DevicesAnswer
from dispatch.devices.types import RevokedAnswer
from dispatch.devices.types import RevokeDevices
from dispatch.events import log as events
from dispatch.events.kinds import EventKind

_NAMED = 16
"""Digits of a hash that name a credential: enough among millions, useless to sign in with."""
_OF_CREDENTIAL, _OF_PUSH = "c-", "p-"
_CREDENTIALS = (
    select(
        literal(_OF_CREDENTIAL).concat(func.left(Credential.secret_hash, _NAMED)).label("id"),
        Credential.kind.label("kind"),
        Credential.account_id.label("account_id"),
        Account.crew_id.label("crew_id"),
        Credential.created_at.label("created_at"),
        Credential.seen_at.label("seen_at"),
        Credential.expires_at.label("expires_at"),
        cast(null(), Text).label("failure"),
    )
    .join(Account, Account.id == Credential.account_id)
    # Sessions of the desk are people's, not devices.
    .where(or_(Credential.kind == DeviceKind.TOKEN.value, Account.crew_id.is_not(None)))
)
_PUSHES = select(
    literal(_OF_PUSH).concat(cast(PushSubscription.id, Text)),
    literal(DeviceKind.PUSH.value),
    PushSubscription.account_id,
    PushSubscription.crew_id,
    PushSubscription.subscribed_at,
    PushSubscription.worked_at,
    cast(null(), INSTANT),
    PushSubscription.failure,
)
_ALL_OF_THEM = union_all(_CREDENTIALS, _PUSHES).subquery("device")
_LISTING = Listing(
    searched=(Account.username, Crew.name),
    sorted_by={
        "account": Account.username,
        "crew_name": Crew.name,
        "kind": _ALL_OF_THEM.c.kind,
        "created_at": _ALL_OF_THEM.c.created_at,
        "seen_at": _ALL_OF_THEM.c.seen_at,
        "expires_at": _ALL_OF_THEM.c.expires_at,
    },
    order="-seen_at",
    key=_ALL_OF_THEM.c.id,
)


class DeviceService:
    """Lists devices, and signs them out."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, query: DeviceListQuery) -> DevicesAnswer:
        """Return devices that may still be used, those seen last first."""
        actor.require(Permission.DEVICE_WRITE)
        device = _ALL_OF_THEM.c
        rows = (
            select(*device, Account.username.label("account"), Crew.name.label("crew_name"))
            .select_from(_ALL_OF_THEM)
            .join(Account, Account.id == device.account_id)
            .outerjoin(Crew, Crew.id == device.crew_id)
            .where(
                or_(device.expires_at.is_(None), device.expires_at > self._clock()),
                all_of(
                    device.kind == query.kind.value if query.kind else None,
                    device.crew_id == query.crew_id if query.crew_id else None,
                ),
            )
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {"devices": [_view(row) for row in found.rows], "total": found.total}

    def revoke(self, actor: Actor, wanted: RevokeDevices) -> RevokedAnswer:
        """Sign devices out: their next request is refused, pushes go there no longer."""
        actor.require(Permission.DEVICE_WRITE)
        with self._work.writing() as session:
            gone = [
                *_end_credentials(session, wanted.ids),
                *_end_pushes(session, wanted.ids),
            ]
            now = self._clock()
            for account_id, crew_id, kind in gone:
                data = {"account_id": account_id, "kind": kind}
                events.append(
                    session, EventKind.DEVICE_REVOKED, actor, at=now, crew_id=crew_id, data=data
                )
        return {"revoked": len(gone)}


_Gone = list[tuple[int, int | None, str]]


def _end_credentials(session: Session, ids: Sequence[str]) -> _Gone:
    names = [each.removeprefix(_OF_CREDENTIAL) for each in ids if each.startswith(_OF_CREDENTIAL)]
    rows = session.execute(
        delete(Credential)
        .where(func.left(Credential.secret_hash, _NAMED).in_(names))
        .returning(Credential.account_id, Credential.kind)
    ).all()
    accounts = select(Account.id, Account.crew_id).where(Account.id.in_({row[0] for row in rows}))
    crews = {row.id: row.crew_id for row in session.execute(accounts)}
    return [(account_id, crews.get(account_id), kind) for account_id, kind in rows]


def _end_pushes(session: Session, ids: Sequence[str]) -> _Gone:
    numbers = [int(each.removeprefix(_OF_PUSH)) for each in ids if each.startswith(_OF_PUSH)]
    rows = session.execute(
        delete(PushSubscription)
        .where(PushSubscription.id.in_(numbers))
        .returning(PushSubscription.account_id, PushSubscription.crew_id)
    ).all()
    for crew_id in {row.crew_id for row in rows}:
        refresh_reach(session, crew_id)
    return [(account_id, crew_id, DeviceKind.PUSH.value) for account_id, crew_id in rows]


def _view(row: Any) -> DeviceAnswer:  # noqa: ANN401  (a result row)
    return {
        "id": row.id,
        "kind": DeviceKind(row.kind),
        "account": row.account,
        "crew_id": row.crew_id,
        "crew_name": row.crew_name,
        "created_at": instant(row.created_at),
        "seen_at": instant(row.seen_at),
        "expires_at": instant(row.expires_at),
        "failure": row.failure,
    }
