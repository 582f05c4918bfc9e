"""Gateways: added, changed, removed; and whether somebody is who they say they are."""

from collections.abc import Callable
from typing import cast

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.errors import NotSignedIn
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways import signatures
from dispatch.gateways.addresses import why_unusable
from dispatch.gateways.models import Gateway
from dispatch.gateways.models import GatewaySecret
from dispatch.gateways.states import GatewayKind
from dispatch.gateways.types import AddGateway
from dispatch.gateways.types import ChangeGateway
from dispatch.gateways.types import GatewayAnswer
from dispatch.gateways.types import GatewayListQuery
from dispatch.gateways.types import GatewaysAnswer
from dispatch.writes.idempotency import Once

_ALL = GatewayListQuery()
_LISTING = Listing(
    searched=(Gateway.name, Gateway.url),
    sorted_by={
        "name": Gateway.name,
        "kind": Gateway.kind,
        "url": Gateway.url,
        "enabled": Gateway.enabled,
        "created_at": Gateway.created_at,
    },
    order="name",
    key=Gateway.id,
)
_NAME_TAKEN = N_("is the name of another gateway")


class BadSignatureError(NotSignedIn):
    """A message is not signed with the gateway's secret, or was signed too long ago."""

    code = "bad_signature"


class GatewayService:
    """What can be asked of gateways."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, query: GatewayListQuery = _ALL) -> GatewaysAnswer:
        """Return gateways, all of them by name if nothing else is asked; the desk sees them too."""
        actor.require(Permission.CREW_READ)
        rows = select(Gateway).where(
            Gateway.removed_at.is_(None),
            all_of(
                Gateway.kind == query.kind.value if query.kind else None,
                Gateway.enabled.is_(query.enabled) if query.enabled is not None else None,
            ),
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {"gateways": [_answer(each) for each in found.rows], "total": found.total}

    def add(self, actor: Actor, wanted: AddGateway) -> GatewayAnswer:
        """Add a gateway.

        Raises
        ------
        InvalidInput
            On ``name``, if another gateway has it.
        """
        actor.require(Permission.GATEWAY_WRITE)
        _refuse_unusable(wanted)
        # A secret has no place in the table of repeated requests, not even as part of a hash.
        once = Once.of(actor, wanted.client_id, wanted.model_copy(update={"secret": None}))

        def work(session: Session) -> GatewayAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("GatewayAnswer", before)
            gateway = Gateway(
                name=wanted.name,
                kind=wanted.kind.value,
                url=wanted.url,
                page_url=wanted.page_url,
                enabled=wanted.enabled,
                timeout_s=wanted.timeout_s,
                created_at=now,
                created_by=actor.display_name,
                failures=0,
            )
            session.add(gateway)
            session.flush()
            secret = wanted.secret.get_secret_value()
            session.add(GatewaySecret(gateway_id=gateway.id, secret=secret, set_at=now))
            session.flush()
            answer = _answer(gateway)
            once.finish(session, answer)
            data = {"gateway_id": gateway.id, "name": gateway.name}
            events.append(session, EventKind.GATEWAY_ADDED, actor, at=now, data=data)
            return answer

        return self._named(work)

    def change(self, actor: Actor, gateway_id: int, wanted: ChangeGateway) -> GatewayAnswer:
        """Change what is named; what is not stays. A changed gateway is tried again at once."""
        actor.require(Permission.GATEWAY_WRITE)
        _refuse_unusable(wanted)

        def work(session: Session) -> GatewayAnswer:
            now = self._clock()
            gateway = _existing(session, gateway_id)
            given = {
                name: value
                for name, value in wanted.given().items()
                if name != "secret" and (value is not None or name == "page_url")
            }
            for name, value in given.items():
                setattr(gateway, name, value)
            gateway.failures, gateway.paused_until = 0, None
            if wanted.secret is not None:
                kept = session.get_one(GatewaySecret, gateway_id)
                kept.secret, kept.set_at = wanted.secret.get_secret_value(), now
            session.flush()
            fields = sorted({*given, *({"secret"} if wanted.secret is not None else ())})
            data = {"gateway_id": gateway.id, "name": gateway.name, "fields": fields}
            events.append(session, EventKind.GATEWAY_CHANGED, actor, at=now, data=data)
            return _answer(gateway)

        return self._named(work)

    def remove(self, actor: Actor, gateway_id: int) -> None:
        """Remove a gateway; what was sent through it stays known. Its secret is forgotten."""
        actor.require(Permission.GATEWAY_WRITE)

        def work(session: Session) -> None:
            now = self._clock()
            gateway = _existing(session, gateway_id)
            gateway.removed_at, gateway.enabled = now, False
            session.execute(delete(GatewaySecret).where(GatewaySecret.gateway_id == gateway_id))
            session.flush()
            data = {"gateway_id": gateway.id, "name": gateway.name}
            events.append(session, EventKind.GATEWAY_REMOVED, actor, at=now, data=data)

        self._work.run(work)

    def require_signed(
        self, gateway_id: int, timestamp: str, delivery_id: str, signature: str, body: bytes
    ) -> None:
        """Hold that a message is the gateway's own, and of now.

        Raises
        ------
        BadSignatureError
            If not; the same for a gateway that there is not.
        """
        query = select(GatewaySecret.secret).where(
            GatewaySecret.gateway_id == min(gateway_id, LARGEST_ID)
        )
        with self._work.reading() as session:
            secret = session.scalar(query)
        if secret is None or not signatures.is_signed(
            secret, timestamp, delivery_id, signature, body
        ):
            message = N_("The message is not signed with the gateway's secret.")
            raise BadSignatureError(message)
        if not signatures.is_recent(timestamp, self._clock()):
            message = N_("The message was signed too long ago, or by a clock that is wrong.")
            raise BadSignatureError(message)

    def _named(self, work: Callable[[Session], GatewayAnswer]) -> GatewayAnswer:
        try:
            return self._work.run(work)
        except IntegrityError as error:
            if "uq_gateway_name" in str(error.orig):
                raise InvalidInput.one("name", _NAME_TAKEN) from error
            raise


def _refuse_unusable(wanted: AddGateway | ChangeGateway) -> None:
    """Refuse addresses to which nothing can, or should, be sent."""
    given = {"url": wanted.url, "page_url": wanted.page_url}
    whys = {name: why_unusable(url) for name, url in given.items() if url is not None}
    wrong = [FieldError(name, why) for name, why in whys.items() if why is not None]
    if wrong:
        raise InvalidInput(wrong)


def _existing(session: Session, gateway_id: int) -> Gateway:
    gateway = session.get(Gateway, min(gateway_id, LARGEST_ID), with_for_update=True)
    if gateway is None or gateway.removed_at is not None:
        raise NotFound.thing("gateway", gateway_id)
    return gateway


def _answer(gateway: Gateway) -> GatewayAnswer:
    return {
        "id": gateway.id,
        "name": gateway.name,
        "kind": GatewayKind(gateway.kind),
        "url": gateway.url,
        "page_url": gateway.page_url,
        "enabled": gateway.enabled,
        "timeout_s": gateway.timeout_s,
        "created_at": instant(gateway.created_at),
        "paused_until": instant(gateway.paused_until),
    }
