"""Pushes: encrypted for the phone that asked for them, signed by us, forgotten when it is gone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotSignedIn
from dispatch.deliveries import push_encryption
from dispatch.deliveries.models import PushSubscription
from dispatch.deliveries.push_encryption import decode
from dispatch.deliveries.push_encryption import encode
from dispatch.deliveries.subscriptions import PushSubscriptionService
from dispatch.deliveries.types import Receipt
from dispatch.deliveries.types import RingTest
from dispatch.deliveries.types import Subscribe
from dispatch.deliveries.types import Unsubscribe
from dispatch.reach.states import Channel
from tests.conftest import People
from tests.dispatch.deliveries.conftest import Desk
from tests.dispatch.deliveries.receiver import Got
from tests.dispatch.deliveries.receiver import Receiver

pytestmark = pytest.mark.postgis


class Phone:
    """A browser: has keys, and reads what is encrypted for them as RFC 8291 says it should."""

    def __init__(self, private: int | None = None, auth: bytes = b"sixteen bytes...") -> None:
        curve = ec.SECP256R1()
        self.key = (
            ec.generate_private_key(curve)
            if private is None
            else ec.derive_private_key(private, curve)
        )
        self.auth = auth
        self.point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def subscription(self, endpoint: str) -> Subscribe:
        """Return what its page sends."""
        keys = {"p256dh": encode(self.point), "auth": encode(self.auth)}
        return Subscribe.read({"endpoint": endpoint, "language": "zh", **keys})

    def read(self, sealed: bytes) -> bytes:
        """Decrypt one record."""
        salt, sender = sealed[:16], sealed[21 : 21 + sealed[20]]
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), public)

        def derived(secret: bytes, with_salt: bytes, info: bytes, length: int) -> bytes:
            algorithm = hashes.SHA256()
            return HKDF(algorithm=algorithm, length=length, salt=with_salt, info=info).derive(
                secret
            )

        info = b"WebPush: info\0" + self.point + sender
        secret = derived(shared, self.auth, info, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        message, _, _padding = (
            AESGCM(key).decrypt(nonce, sealed[21 + sealed[20] :], None).rpartition(b"\x02")
        )
        return message


def test_the_example_of_rfc_8291_comes_out_to_the_byte() -> None:
    """Its appendix A, all keys given."""
    sender = int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))

    sealed = push_encryption.encrypt(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
        sender=ec.derive_private_key(sender, ec.SECP256R1()),
    )

    assert encode(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
        "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
        "a-fN"
    )


def _claims(got: Got, public_key: str) -> dict[str, Any]:
    """Return what the sender's token says, once its signature holds."""
    scheme, _, rest = got.headers["Authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(", "))
    head, claims, signature = parts["t"].split(".")
    raw = decode(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(public_key))
    key.verify(
        encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
        f"{head}.{claims}".encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    assert (scheme, parts["k"]) == ("vapid", public_key)
    read: dict[str, Any] = json.loads(decode(claims))
    return read


@pytest.fixture
def cruz(people: People, desk: Desk) -> Actor:
    """Return somebody of the crew that has the order."""
    return people.sign_up("cruz", Role.CREW, crew_id=desk.crew_id)


@pytest.fixture
def subscribe(
    services: Services, desk: Desk, receiver: Receiver, cruz: Actor
) -> Callable[..., Phone]:
    """Return a function that has another phone of the crew take pushes at the receiver."""
    pushes = PushSubscriptionService(services.work, desk.clock, frozenset({"127.0.0.1"}))

    def subscribed(path: str = "/phone") -> Phone:
        phone = Phone()
        pushes.subscribe(cruz, desk.crew_id, phone.subscription(receiver.url + path))
        return phone

    return subscribed


def test_a_phone_reads_the_order_that_was_pushed_to_it(
    desk: Desk, receiver: Receiver, services: Services, subscribe: Callable[..., Phone]
) -> None:
    """In its language; the push service can read nothing and knows who sends."""
    phone = subscribe()
    assert services.reach.everybody()[desk.crew_id].channels[0] is Channel.PUSH
    receiver.does = 201

    delivery_id = desk.ask()
    desk.run_jobs()

    (got,) = receiver.got
    told = json.loads(phone.read(got.body))
    assert told["text"] == "新派单：P1 燃气泄漏 · 12 Harbour Street。"
    assert (told["delivery_id"], told["purpose"]) == (delivery_id, "order")
    assert b"Harbour" not in got.body
    assert got.headers["Content-Encoding"] == "aes128gcm"
    assert got.headers["Topic"] == f"order-{desk.order['id']}"
    claims = _claims(got, services.pushes.public_key()["public_key"])
    assert claims["aud"] == receiver.url.removesuffix("/send")
    assert 0 < claims["exp"] - desk.clock().timestamp() <= 24 * 3600
    assert desk.delivery(delivery_id).state == "sent"


def test_a_phone_tells_that_a_push_came_and_learns_whether_it_still_holds(
    desk: Desk, receiver: Receiver, services: Services, subscribe: Callable[..., Phone]
) -> None:
    """By the token in it: one that waited for a phone that was off does not ring."""
    phone = subscribe()
    delivery_id = desk.ask()
    desk.run_jobs()
    token = json.loads(phone.read(receiver.got[0].body))["token"]

    came = Receipt(token=token)
    assert services.delivery_answers.receipt(delivery_id, came) == {"needed": True}
    assert desk.delivery(delivery_id).state == "delivered"
    with pytest.raises(NotSignedIn):
        services.delivery_answers.receipt(delivery_id, Receipt(token="guessed"))  # noqa: S106
    desk.accept()
    assert services.delivery_answers.receipt(delivery_id, came) == {"needed": False}


def test_a_phone_that_takes_pushes_no_longer_is_forgotten_and_the_next_way_taken(
    desk: Desk, receiver: Receiver, services: Services, subscribe: Callable[..., Phone]
) -> None:
    """The push service says 410; the crew is not reached by it any more."""
    subscribe()
    receiver.does = 410
    desk.set_contacts((desk.add_gateway(f"{receiver.url}/sms"), "+1"))

    delivery_id = desk.ask()
    desk.run_jobs()

    assert desk.delivery(delivery_id).failure == "gone"
    assert Channel.PUSH not in services.reach.everybody()[desk.crew_id].channels
    with services.work.reading() as session:
        assert session.scalars(select(PushSubscription)).all() == []
    receiver.does = 200
    desk.run_jobs()
    assert receiver.got[-1].path == "/send/sms"


def test_a_phone_whose_account_is_disabled_is_pushed_to_no_longer(
    desk: Desk, services: Services, subscribe: Callable[..., Phone]
) -> None:
    """It may be lost; nobody signed in there could read the order either."""
    subscribe()

    services.account_changes.disable(desk.administrator, "cruz")

    assert Channel.PUSH not in services.reach.everybody()[desk.crew_id].channels
    with services.work.reading() as session:
        assert session.scalars(select(PushSubscription)).all() == []


def test_one_phone_of_several_is_enough(
    desk: Desk, receiver: Receiver, subscribe: Callable[..., Phone]
) -> None:
    """All are pushed to."""
    first, second = subscribe("/1"), subscribe("/2")

    delivery_id = desk.ask()
    desk.run_jobs()

    bodies = {got.path: got.body for got in receiver.got}
    told = [json.loads(first.read(bodies["/send/1"])), json.loads(second.read(bodies["/send/2"]))]
    assert {each["delivery_id"] for each in told} == {delivery_id}
    assert desk.delivery(delivery_id).state == "sent"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:1/",
        "https://10.0.0.7/admin",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "nonsense",
    ],
)
def test_nothing_is_pushed_to_a_host_that_is_no_push_service(
    services: Services, cruz: Actor, desk: Desk, endpoint: str
) -> None:
    """Or a crew's page could have our worker post inside the network."""
    with pytest.raises(InvalidInput) as refused:
        services.pushes.subscribe(cruz, desk.crew_id, Phone().subscription(endpoint))

    assert refused.value.fields[0].field == "endpoint"


def test_a_browser_begins_and_ends_by_itself_and_for_its_own_crew_only(
    services: Services, cruz: Actor, desk: Desk, dispatcher: Actor
) -> None:
    """Said twice it counts once; of nine phones the oldest is forgotten."""
    wanted = Phone().subscription("https://updates.push.services.mozilla.com/wpush/v2/1")
    for _ in range(2):
        assert services.pushes.subscribe(cruz, desk.crew_id, wanted) == {"phones": 1}
    counts = []
    for number in range(9):
        desk.clock.forward(1)
        other = Phone().subscription(f"https://fcm.googleapis.com/fcm/send/{number}")
        counts.append(services.pushes.subscribe(cruz, desk.crew_id, other)["phones"])
    assert counts == [2, 3, 4, 5, 6, 7, 8, 8, 8]
    end = Unsubscribe(endpoint="https://fcm.googleapis.com/fcm/send/8")
    assert services.pushes.unsubscribe(cruz, desk.crew_id, end) == {"phones": 7}

    for wrong in (dispatcher, Actor(1, "x", "x", frozenset({Role.CREW}), desk.crew_id + 1)):
        with pytest.raises(NotAllowed):
            services.pushes.subscribe(wrong, desk.crew_id, wanted)


def test_a_test_ring_is_confirmed_on_the_page_or_known_to_have_failed(
    services: Services, cruz: Actor, desk: Desk, dispatcher: Actor, subscribe: Callable[..., Phone]
) -> None:
    """Every way at once; the page has two minutes."""
    subscribe()
    rung = services.deliveries.test_ring(dispatcher, desk.crew_id, RingTest(client_id="t1"))
    again = services.deliveries.test_ring(dispatcher, desk.crew_id, RingTest(client_id="t1"))
    assert rung == again
    page, push = rung["deliveries"]
    assert [page["channel"], push["channel"]] == ["page", "push"]

    services.delivery_answers.confirm(cruz, page["id"])
    desk.clock.forward(121)
    late = services.deliveries.test_ring(dispatcher, desk.crew_id, RingTest(channel="page"))
    desk.clock.forward(121)
    desk.run_jobs()

    assert desk.delivery(page["id"]).state == "answered"
    assert desk.delivery(late["deliveries"][0]["id"]).failure == "timed_out"
    (crew,) = services.deliveries.board(dispatcher)["crews"]
    known = {
        each["channel"].value: each["last_test"] and each["last_test"]["state"].value
        for each in crew["channels"]
    }
    assert known == {"page": "failed", "push": "sent"}
    assert [each["last_real"] for each in crew["channels"]] == [None, None]
