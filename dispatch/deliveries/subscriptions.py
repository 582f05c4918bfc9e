"""Browsers of crews that take pushes: they begin and end it themselves."""

from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deliveries.channel_marks import refresh_reach
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.push_encryption import is_usable
from dispatch.deliveries.push_posts import push_keys
from dispatch.deliveries.types import PushKeyAnswer
from dispatch.deliveries.types import Subscribe
from dispatch.deliveries.types import SubscribedAnswer
from dispatch.deliveries.types import Unsubscribe

PUSH_SERVICES: Final = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
"""The push services of the browsers' makers: nothing is posted to any other host that a page names.

Whoever may use a crew page could otherwise have our job worker post to hosts inside the network.
"""
MOST_PHONES: Final = 8
"""Of one crew; the oldest goes."""


class PushSubscriptionService:
    """Takes in which browsers of crews take pushes.

    Parameters
    ----------
    also
        Hosts besides the push services, also without encryption: for tests.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, also: frozenset[str]) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._also = also

    def public_key(self) -> PushKeyAnswer:
        """Return the key with which browsers subscribe; it is made when it is first asked for."""
        with self._work.writing() as session:
            return {"public_key": push_keys(session, self._clock()).public}

    def subscribe(self, actor: Actor, crew_id: int, wanted: Subscribe) -> SubscribedAnswer:
        """Take pushes in a browser of a crew, from now on; a phone may change its crew.

        Raises
        ------
        InvalidInput
            On ``endpoint``, if it is none of a push service's; on ``p256dh``, if the keys are not
            a browser's.
        """
        _require_own(actor, crew_id)
        if not self._is_push_service(wanted.endpoint):
            raise InvalidInput.one("endpoint", N_("is no address of a push service"))
        if not is_usable(wanted.p256dh, wanted.auth):
            raise InvalidInput.one("p256dh", N_("is no key of a browser"))
        values = {
            "crew_id": crew_id,
            "account_id": actor.account_id,
            "p256dh": wanted.p256dh,
            "auth": wanted.auth,
            "language": wanted.language,
            "subscribed_at": self._clock(),
            "worked_at": None,
            "failed_at": None,
            "failure": None,
        }

        def work(session: Session) -> SubscribedAnswer:
            former = session.scalar(
                select(PushSubscription.crew_id).where(PushSubscription.endpoint == wanted.endpoint)
            )
            statement = insert(PushSubscription).values(endpoint=wanted.endpoint, **values)
            kept = {**values}
            if former == crew_id:  # said again at each start of the page
                kept = {name: values[name] for name in ("account_id", "p256dh", "auth", "language")}
            session.execute(statement.on_conflict_do_update(index_elements=["endpoint"], set_=kept))
            _drop_oldest(session, crew_id)
            for each in {crew_id, former} - {None}:
                refresh_reach(session, each)
            return _count(session, crew_id)

        return self._work.run(work)

    def unsubscribe(self, actor: Actor, crew_id: int, wanted: Unsubscribe) -> SubscribedAnswer:
        """Take pushes in a browser no longer; said again it changes nothing."""
        _require_own(actor, crew_id)

        def work(session: Session) -> SubscribedAnswer:
            session.execute(
                delete(PushSubscription).where(
                    PushSubscription.endpoint == wanted.endpoint,
                    PushSubscription.crew_id == crew_id,
                )
            )
            refresh_reach(session, crew_id)
            return _count(session, crew_id)

        return self._work.run(work)

    def _is_push_service(self, endpoint: str) -> bool:
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if host in self._also:
            return True
        ours = any(host == each or host.endswith(f".{each}") for each in PUSH_SERVICES)
        return ours and parts.scheme == "https" and port is None and parts.username is None


def _require_own(actor: Actor, crew_id: int) -> None:
    actor.require(Permission.ASSIGNMENT_ACT_OWN)
    if actor.crew_id != crew_id:
        message = N_("Only a crew's own page can say this.")
        raise NotAllowed(message)


def _drop_oldest(session: Session, crew_id: int) -> None:
    newest = (
        select(PushSubscription.id)
        .where(PushSubscription.crew_id == crew_id)
        .order_by(PushSubscription.subscribed_at.desc(), PushSubscription.id.desc())
        .limit(MOST_PHONES)
    )
    session.execute(
        delete(PushSubscription).where(
            PushSubscription.crew_id == crew_id, PushSubscription.id.not_in(newest)
        )
    )


def _count(session: Session, crew_id: int) -> SubscribedAnswer:
    query = select(func.count()).where(PushSubscription.crew_id == crew_id)
    return {"phones": session.scalar(query) or 0}
