"""One delivery as a gateway gets it: JSON, signed (docs/gateways.md)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.deliveries.message_facts import message_facts
from dispatch.deliveries.message_texts import ENGLISH
from dispatch.deliveries.message_texts import About
from dispatch.deliveries.message_texts import Answering
from dispatch.deliveries.message_texts import Message
from dispatch.deliveries.message_texts import answers_to
from dispatch.deliveries.message_texts import message
from dispatch.deliveries.models import Contact
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.posts import Outcome
from dispatch.deliveries.posts import post
from dispatch.deliveries.states import Failure
from dispatch.deliveries.states import Purpose
from dispatch.gateways import signatures
from dispatch.gateways.models import Gateway
from dispatch.gateways.models import GatewaySecret
from dispatch.gateways.states import GatewayKind


@dataclass(frozen=True, slots=True)
class GatewayPost:
    """What is posted to a gateway, and where; never shown, for it holds the secret's work."""

    gateway_id: int
    paused_until: datetime | None
    url: str
    timeout_s: float
    headers: dict[str, str]
    body: bytes

    def is_paused(self, now: datetime) -> bool:
        """Return whether the gateway did not answer lately and is left alone."""
        return self.paused_until is not None and self.paused_until > now

    async def post(self) -> Outcome:
        """Post it once."""
        outcome = await post(
            self.url, self.body, self.headers, within_s=self.timeout_s, by_proxy=False
        )
        if outcome.failure is Failure.GONE:  # of a phone; a gateway's address is wrong
            return outcome._replace(failure=Failure.REFUSED)
        return outcome


def gateway_post(session: Session, delivery: Delivery, now: datetime) -> GatewayPost | None:
    """Return what is to be posted; None when the gateway or the address is there no longer."""
    query = (
        select(Gateway, GatewaySecret.secret, Contact)
        .join(GatewaySecret, GatewaySecret.gateway_id == Gateway.id)
        .join(Contact, Contact.gateway_id == Gateway.id)
        .where(Contact.id == delivery.contact_id, Gateway.enabled, Gateway.removed_at.is_(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    told = _told(session, delivery, row.Gateway, row.Contact, now)
    return _signed(row.Gateway, row.secret, told, now)


def trial_post(session: Session, gateway_id: int, to: str, now: datetime) -> GatewayPost:
    """Return what is posted to try a gateway out: a test of no crew, with the number 0."""
    words = message(Purpose.TEST, None, About(), ENGLISH, Answering.NOT)
    told = {"purpose": Purpose.TEST.value, "language": ENGLISH}
    return post_of_words(session, gateway_id, to, words, told, now)


def post_of_words(
    session: Session,
    gateway_id: int,
    to: str,
    words: Message,
    more: Mapping[str, Any],
    now: datetime,
) -> GatewayPost:
    """Return what is posted to tell somebody something that is no delivery: its number is 0.

    Parameters
    ----------
    more
        Its ``purpose`` and ``language``, and a ``link`` if there is one.
    """
    gateway = session.get_one(Gateway, gateway_id)
    told: dict[str, Any] = {
        "delivery_id": 0,
        "attempt": 1,
        "to": to,
        "title": words.title,
        "text": words.text,
        "answers": {},
        "sent_at": instant(now),
        **more,
    }
    return _signed(gateway, session.get_one(GatewaySecret, gateway_id).secret, told, now)


def _signed(gateway: Gateway, secret: str, told: dict[str, Any], now: datetime) -> GatewayPost:
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    number, timestamp = str(told["delivery_id"]), str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Nearcrew",
        signatures.DELIVERY: number,
        signatures.TIMESTAMP: timestamp,
        signatures.SIGNATURE: signatures.sign(secret, timestamp, number, body),
    }
    return GatewayPost(
        gateway.id, gateway.paused_until, gateway.url, gateway.timeout_s, headers, body
    )


def _told(
    session: Session, delivery: Delivery, gateway: Gateway, contact: Contact, now: datetime
) -> dict[str, Any]:
    purpose = Purpose(delivery.purpose)
    facts = message_facts(session, delivery)
    language = contact.language or facts.language
    by_call = gateway.kind == GatewayKind.CALL
    answering = Answering.PRESSING if by_call else Answering.WRITING
    words = message(purpose, delivery.asked_in, facts.about, language, answering)
    base = (gateway.page_url or "").rstrip("/")
    return {
        "delivery_id": delivery.id,
        "purpose": purpose.value,
        "attempt": delivery.attempts,
        "to": contact.address,
        "language": language,
        "title": words.title,
        "text": words.text,
        "answers": {
            digit: answer.value for digit, answer in answers_to(purpose, delivery.asked_in).items()
        },
        "link": f"{base}/crew" if base and delivery.crew_id is not None else None,
        "callback": f"{base}/api/v1/gateways/{gateway.id}/callback",
        "incident_id": delivery.incident_id,
        "assignment_id": delivery.assignment_id,
        "priority": facts.about.priority,
        "requested_at": instant(delivery.requested_at),
        "sent_at": instant(now),
    }
