"""One delivery as the phones of a crew get it: encrypted, through their browsers' push services."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.deliveries import push_encryption
from dispatch.deliveries.message_facts import message_facts
from dispatch.deliveries.message_texts import Answering
from dispatch.deliveries.message_texts import message
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.models import PushKey
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.posts import Outcome
from dispatch.deliveries.posts import post
from dispatch.deliveries.push_encryption import KeyPair
from dispatch.deliveries.states import Purpose

TIMEOUT_S: Final = 6.0
KEPT_FOR_S: Final = 180
"""How long a push service keeps a message for a phone that is off: then the order is old."""
_SUBJECT: Final = "https://nearcrew.example/"
_ORDER_PURPOSES: Final = frozenset({Purpose.ORDER, Purpose.REMIND, Purpose.NOTICE})


@dataclass(frozen=True, slots=True)
class PushPost:
    """What is posted to the push service of each phone, by subscription."""

    posts: Mapping[int, tuple[str, bytes, Mapping[str, str]]]

    async def post(self) -> dict[int, Outcome]:
        """Post to all at once."""
        outcomes = await asyncio.gather(
            *(
                post(url, body, headers, within_s=TIMEOUT_S, by_proxy=True)
                for url, body, headers in self.posts.values()
            )
        )
        return dict(zip(self.posts, outcomes, strict=True))


def push_keys(session: Session, now: datetime) -> KeyPair:
    """Return the product's own keys, made when they are first asked for."""
    query = select(PushKey.private_key, PushKey.public_key)
    found = session.execute(query).one_or_none()
    if found is None:
        made = push_encryption.new_keys()
        values = {"private_key": made.private, "public_key": made.public, "made_at": now}
        session.execute(insert(PushKey).values(id=1, **values).on_conflict_do_nothing())
        found = session.execute(query).one()
    return KeyPair(found.private_key, found.public_key)


def push_post(session: Session, delivery: Delivery, now: datetime) -> PushPost | None:
    """Return what is to be posted; None when no phone takes pushes any more."""
    query = select(PushSubscription).where(PushSubscription.crew_id == delivery.crew_id)
    phones = session.scalars(query.order_by(PushSubscription.id)).all()
    if not phones:
        return None
    keys = push_keys(session, now)
    facts = message_facts(session, delivery)
    purpose = Purpose(delivery.purpose)
    posts = {}
    for phone in phones:
        words = message(purpose, delivery.asked_in, facts.about, phone.language, Answering.NOT)
        told: dict[str, Any] = {
            "delivery_id": delivery.id,
            "token": delivery.data["token"],
            "purpose": purpose.value,
            "title": words.title,
            "text": words.text,
            "language": phone.language,
            "tag": _topic(delivery),
        }
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR_S),
            "Urgency": "high",
            "Topic": _topic(delivery),
            "Authorization": push_encryption.authorization(keys, phone.endpoint, _SUBJECT, now),
        }
        sealed = push_encryption.encrypt(body, phone.p256dh, phone.auth)
        posts[phone.id] = (phone.endpoint, sealed, headers)
    return PushPost(posts)


def _topic(delivery: Delivery) -> str:
    """Return what a newer push replaces an older one by: it rings once more, not twice."""
    if delivery.assignment_id is not None and Purpose(delivery.purpose) in _ORDER_PURPOSES:
        return f"order-{delivery.assignment_id}"
    return f"{delivery.purpose.replace('_', '-')}-{delivery.incident_id or delivery.id}"
