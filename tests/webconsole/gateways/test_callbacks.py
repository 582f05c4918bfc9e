"""Reports and answers of gateways over HTTP: signed, of now, and each counted once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from werkzeug.test import TestResponse

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.types import SetContacts
from dispatch.events.models import Event
from dispatch.gateways import signatures
from dispatch.gateways.types import AddGateway
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
SECRET = "a secret of the gateway"  # noqa: S105  (of a gateway that lives for one test)
WRONG = "no secret of the gateway"


class Modem:
    """A gateway that reports on one delivery about one order."""

    def __init__(self, app: APIFlask, services: Services, order: dict[str, Any]) -> None:
        self.app = app
        self.services = services
        self.clock: Any = services.clock
        self.order = order
        self.gateway_id = 0
        self.delivery_id = 0

    def say(
        self, state: str, *, secret: str = SECRET, age_s: float = 0, **more: object
    ) -> TestResponse:
        """Report, signed as the contract says."""
        body = json.dumps({"delivery_id": self.delivery_id, "state": state, **more}).encode()
        return self.post(body, secret=secret, age_s=age_s)

    def post(
        self, body: bytes, *, secret: str = SECRET, age_s: float = 0, gateway_id: int | None = None
    ) -> TestResponse:
        """Post a body with its signature."""
        timestamp, number = str(int(self.clock().timestamp() - age_s)), str(self.delivery_id)
        headers = {
            signatures.TIMESTAMP: timestamp,
            signatures.DELIVERY: number,
            signatures.SIGNATURE: signatures.sign(secret, timestamp, number, body),
        }
        path = f"/api/v1/gateways/{gateway_id or self.gateway_id}/callback"
        return self.app.test_client().post(
            path, data=body, headers=headers, content_type="application/json"
        )

    def delivery(self) -> Delivery:
        """Return the delivery."""
        with self.services.work.reading() as session:
            return session.get_one(Delivery, self.delivery_id)

    def order_state(self) -> str:
        """Return the order's state."""
        with self.services.work.reading() as session:
            return session.get_one(Assignment, self.order["id"]).state

    def events(self, kind: str) -> list[Event]:
        """Return the events of a kind."""
        with self.services.work.reading() as session:
            return list(session.scalars(select(Event).where(Event.kind == kind)))


@pytest.fixture
def modem(
    app: APIFlask,
    services: Services,
    administrator: Actor,
    dispatcher: Actor,
    yard: CrewYard,
    pin: Callable[..., Any],
) -> Modem:
    """Return a gateway that was given an order for a crew."""
    crew_id = yard.put("Crew 1", 2, 2)
    order, _ = services.sending.send(dispatcher, pin(3, 3)["id"], SendCrew(crew_id=crew_id))
    made = Modem(app, services, dict(order))
    wanted = {"name": "SMS", "kind": "sms", "url": "http://127.0.0.1:1/", "secret": SECRET}
    gateway = services.gateways.add(administrator, AddGateway.model_validate(wanted))
    made.gateway_id = gateway["id"]
    given = SetContacts.read({"contacts": [{"gateway_id": made.gateway_id, "address": "+1"}]})
    services.contacts.set_of_crew(administrator, crew_id, given)
    with services.work.writing() as session:
        (made.delivery_id,) = request_delivery(
            session,
            services.jobs,
            purpose="order",
            crew_id=crew_id,
            assignment_id=order["id"],
            now=services.clock(),
        )
    return made


def test_press_1_accepts_the_order_as_its_crew(modem: Modem) -> None:
    """The answer says what the order is now."""
    answer = modem.say("accepted")

    assert answer.status_code == 200
    assert told(answer) == {
        "delivery_id": modem.delivery_id,
        "state": "answered",
        "assignment_state": "accepted",
    }
    (event,) = modem.events("assignment.accepted")
    assert (event.actor, event.crew_id) == ("SMS", modem.order["crew_id"])
    assert modem.delivery().answer == "accepted"


def test_an_answer_that_comes_twice_counts_once(modem: Modem) -> None:
    """Gateways repeat what they have lost the answer to."""
    first, second = modem.say("accepted"), modem.say("accepted")

    assert (first.status_code, second.status_code) == (200, 200)
    assert told(first) == told(second)
    assert len(modem.events("assignment.accepted")) == 1
    assert len(modem.events("delivery.answered")) == 1


def test_answers_in_the_same_instant_count_once(modem: Modem) -> None:
    """Ten at a time, five rounds of reports."""
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: modem.say("accepted"), range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(modem.events("assignment.accepted")) == 1
    assert len(modem.events("delivery.answered")) == 1


def test_a_forged_signature_changes_nothing(modem: Modem) -> None:
    """Nor does one of another body, another delivery, another gateway, or none."""
    body = json.dumps({"delivery_id": modem.delivery_id, "state": "accepted"}).encode()
    timestamp = str(int(modem.clock().timestamp()))
    signature = signatures.sign(SECRET, timestamp, str(modem.delivery_id), body)
    client, path = modem.app.test_client(), f"/api/v1/gateways/{modem.gateway_id}/callback"
    headers = {
        signatures.TIMESTAMP: timestamp,
        signatures.DELIVERY: str(modem.delivery_id),
        signatures.SIGNATURE: signature,
    }
    json_type = {"content_type": "application/json"}
    refused = [
        modem.say("accepted", secret=WRONG),
        client.post(path, data=body + b" ", headers=headers, **json_type),
        client.post(path, data=body, headers={**headers, signatures.DELIVERY: "7"}, **json_type),
        client.post(path, data=body, **json_type),
        client.post(path, data=b"no json", **json_type),
        modem.post(body, gateway_id=modem.gateway_id + 1),
        modem.post(body, gateway_id=2**62),
    ]

    assert [answer.status_code for answer in refused] == [401] * len(refused)
    assert {told(answer)["code"] for answer in refused} == {"bad_signature"}
    assert modem.order_state() == "offered"
    assert modem.delivery().state == "queued"


def test_a_message_is_taken_for_five_minutes_and_no_longer(modem: Modem) -> None:
    """Whoever recorded it cannot play it back later; nor may its clock be ahead."""
    for age_s in (301, -301):
        assert told(modem.say("accepted", age_s=age_s))["code"] == "bad_signature"
    assert modem.order_state() == "offered"

    assert modem.say("accepted", age_s=299).status_code == 200


def test_a_signed_message_may_still_be_wrong_in_itself(modem: Modem) -> None:
    """Then it is told which field; and a gateway reports on its own deliveries only."""
    assert told(modem.say("eaten"))["errors"][0]["field"] == "state"
    assert modem.post(b"{").status_code == 400
    number, modem.delivery_id = modem.delivery_id, modem.delivery_id + 1
    assert modem.say("seen").status_code == 404
    modem.delivery_id = number


def test_reports_move_a_delivery_on_and_never_back(modem: Modem) -> None:
    """They may come late and out of order."""
    for state in ("delivered", "seen", "rang", "delivered"):
        assert modem.say(state).status_code == 200
    delivery = modem.delivery()

    assert delivery.state == "seen"
    assert delivery.delivered_at is not None
    assert delivery.rang_at is None
    assert len(modem.events("delivery.reached")) == 2
    assert modem.say("failed", code="30003").status_code == 200
    assert modem.delivery().state == "seen"


def test_what_a_gateway_could_not_pass_on_has_failed_with_its_code(modem: Modem) -> None:
    """And is told by the next way, were there one."""
    modem.say("failed", code="30003 unreachable handset")

    delivery = modem.delivery()
    assert (delivery.state, delivery.failure) == ("failed", "not_delivered")
    assert delivery.detail == "30003 unreachable handset"
    (event,) = modem.events("delivery.failed")
    assert event.data["way"] == "SMS"
    modem.say("delivered")
    assert modem.delivery().state == "delivered"


def test_a_crew_declines_with_its_reason(modem: Modem) -> None:
    """As on its page."""
    answer = modem.say("declined", reason="vehicle defect")

    assert told(answer)["assignment_state"] == "declined"
    (event,) = modem.events("assignment.declined")
    assert event.data["reason"] == "vehicle defect"
    assert modem.say("accepted").status_code == 409


def test_an_answer_to_what_was_answered_on_the_page_is_no_mistake(
    modem: Modem, services: Services, dispatcher: Actor
) -> None:
    """The crew pressed both."""
    services.assignments.act(dispatcher, modem.order["id"], Action.ACCEPT, Step())

    answer = modem.say("accepted")

    assert answer.status_code == 200
    assert told(answer)["assignment_state"] == "accepted"
    assert len(modem.events("assignment.accepted")) == 1


def test_an_answer_that_comes_too_late_is_told_so(
    modem: Modem, services: Services, dispatcher: Actor
) -> None:
    """A conflict with the order's state; the gateway can tell the crew. It was seen, at least."""
    services.assignments.act(dispatcher, modem.order["id"], Action.WITHDRAW, Step())

    answer = modem.say("accepted")

    assert answer.status_code == 409
    assert told(answer)["code"] == "wrong_state"
    assert told(answer)["state"] == "withdrawn"
    assert modem.delivery().state == "seen"


def test_cookies_and_form_tokens_are_not_asked_for_and_do_not_help(
    modem: Modem, browser: Callable[[str], Any], clock: SettableClock
) -> None:
    """A signed-in browser that is made to post here is refused like anybody."""
    assert clock() == modem.clock()
    client = browser("dora")
    path = f"/api/v1/gateways/{modem.gateway_id}/callback"

    answer = client.post(path, json={"delivery_id": modem.delivery_id, "state": "accepted"})

    assert answer.status_code == 401
    assert modem.order_state() == "offered"


def test_more_reports_than_any_gateway_sends_are_refused(modem: Modem) -> None:
    """1 200 a minute from one address, forged ones too."""
    assert modem.post(b"x", secret=WRONG).status_code == 401
    (limiter,) = modem.app.extensions["limiter"]
    (counter,) = (key for key in limiter.storage.storage if "callback" in key)
    limiter.storage.incr(counter, 60, amount=1_198)  # as if they had come

    assert modem.post(b"x", secret=WRONG).status_code == 401
    assert modem.post(b"x", secret=WRONG).status_code == 429
    assert modem.say("accepted").status_code == 429
