"""What goes to a gateway is signed, sent once, tried again, given up and never sent too late."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.gateways import signatures
from dispatch.gateways.models import Gateway
from dispatch.reach.states import Channel
from dispatch.writes.command import Step
from tests.conftest import People
from tests.dispatch.deliveries.conftest import SECRET
from tests.dispatch.deliveries.conftest import Desk
from tests.dispatch.deliveries.receiver import CUT
from tests.dispatch.deliveries.receiver import HANG
from tests.dispatch.deliveries.receiver import Receiver
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis


def test_a_gateway_gets_a_signed_order_in_the_language_of_the_crew(
    desk: Desk, receiver: Receiver, people: People, services: Services
) -> None:
    """With what may be answered, and nothing that names a caller."""
    cruz = people.sign_up("cruz", Role.CREW, crew_id=desk.crew_id)
    with desk.owner_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET language = 'zh' WHERE username = 'cruz'")
    desk.set_contacts((desk.add_gateway(receiver.url), "+86 138 0000 0000"))

    delivery_id = desk.ask()
    desk.run_jobs()

    (got,) = receiver.got
    told = json.loads(got.body)
    assert told["to"] == "+86 138 0000 0000"
    assert told["text"] == ("新派单：P1 燃气泄漏 · 12 Harbour Street。回复 1 接单，回复 2 拒绝。")
    assert told["answers"] == {"1": "accepted", "2": "declined"}
    assert told["delivery_id"] == delivery_id == int(got.headers[signatures.DELIVERY])
    assert signatures.is_signed(
        SECRET,
        got.headers[signatures.TIMESTAMP],
        got.headers[signatures.DELIVERY],
        got.headers[signatures.SIGNATURE],
        got.body,
    )
    assert desk.delivery(delivery_id).state == "sent"
    answer = services.deliveries.of_assignment(cruz, desk.order["id"])
    assert [each["state"] for each in answer["deliveries"]] == ["sent"]
    assert SECRET not in json.dumps(answer)


def test_an_order_that_was_answered_never_rings_later(
    desk: Desk, receiver: Receiver, services: Services, dispatcher: Actor
) -> None:
    """What was queued is cancelled in the transaction of the answer."""
    desk.set_contacts((desk.add_gateway(receiver.url), "+1"))
    delivery_id = desk.ask("remind")

    services.assignments.act(dispatcher, desk.order["id"], Action.ACCEPT, Step())

    assert desk.delivery(delivery_id).state == "cancelled"
    desk.run_jobs()
    assert receiver.got == []


def test_a_reminder_to_set_out_holds_until_the_crew_sets_out(
    desk: Desk, receiver: Receiver, services: Services, dispatcher: Actor
) -> None:
    """Asked for while accepted: still sent; no longer when it has departed."""
    desk.set_contacts((desk.add_gateway(receiver.url), "+1"))
    services.assignments.act(dispatcher, desk.order["id"], Action.ACCEPT, Step())
    desk.ask("remind")
    desk.run_jobs()
    desk.ask("remind")
    services.assignments.act(dispatcher, desk.order["id"], Action.DEPART, Step())
    desk.run_jobs()

    (got,) = receiver.got
    assert json.loads(got.body)["title"] == "Accepted, but not set out yet"
    assert json.loads(got.body)["answers"] == {"1": "seen"}


@pytest.mark.parametrize(
    ("does", "failure", "detail"),
    [
        (HANG, "timed_out", None),
        (CUT, "unreachable", "RemoteProtocolError"),
        (500, "broken", "500"),
        (503, "overloaded", "503"),
    ],
)
def test_a_gateway_that_fails_for_now_is_tried_again_and_then_given_up(
    desk: Desk, receiver: Receiver, does: int | str, failure: str, detail: str | None
) -> None:
    """At once, after 2 s and after 8 s more; between those nothing is due."""
    receiver.does = does
    desk.set_contacts((desk.add_gateway(receiver.url, timeout_s=0.5), "+1"))
    delivery_id = desk.ask()

    for attempt, pause_s in enumerate((0, 2, 8), start=1):
        assert desk.delivery(delivery_id).state == "queued"
        desk.clock.forward(pause_s - 0.5)
        assert pause_s == 0 or desk.run_jobs() == 0
        desk.clock.forward(0.5)
        assert desk.run_jobs() == 1
        wait_until(lambda: len(receiver.got) >= attempt)  # noqa: B023  (waited for at once)
        assert len(receiver.got) == attempt

    delivery = desk.delivery(delivery_id)
    assert (delivery.state, delivery.failure, delivery.detail) == ("failed", failure, detail)
    assert delivery.attempts == 3
    assert desk.run_jobs() == 0


def test_a_gateway_that_was_slow_once_has_sent_in_the_end(desk: Desk, receiver: Receiver) -> None:
    """The second attempt has the same number, by which the gateway knows it."""
    receiver.does = HANG
    desk.set_contacts((desk.add_gateway(receiver.url, timeout_s=0.5), "+1"))
    delivery_id = desk.ask()
    desk.run_jobs()
    receiver.does = 202
    desk.clock.forward(2)
    desk.run_jobs()

    assert desk.delivery(delivery_id).state == "sent"
    assert len({got.headers[signatures.DELIVERY] for got in receiver.got}) == 1


@pytest.mark.parametrize(
    ("does", "failure"),
    [(400, "refused"), (404, "refused"), ("http://127.0.0.1:1/elsewhere", "redirected")],
)
def test_what_a_gateway_refuses_is_given_up_and_a_redirect_is_not_followed(
    desk: Desk, receiver: Receiver, does: int | str, failure: str
) -> None:
    """It would be refused again."""
    receiver.does = does
    desk.set_contacts((desk.add_gateway(receiver.url), "+1"))
    delivery_id = desk.ask()

    desk.run_jobs()

    assert desk.delivery(delivery_id).failure == failure
    assert desk.delivery(delivery_id).state == "failed"
    assert len(receiver.got) == 1


def test_when_one_way_fails_for_good_the_next_one_is_taken(desk: Desk, receiver: Receiver) -> None:
    """A gateway that nobody listens at, then the one that works; the first comes last from then."""
    closed = desk.add_gateway("http://127.0.0.1:1/", name="Closed")
    works = desk.add_gateway(receiver.url, name="Works")
    desk.set_contacts((closed, "+1"), (works, "+2"), role=True)
    desk.ask("supervisor", role="supervisor")
    for _ in range(4):
        desk.run_jobs()
        desk.clock.forward(10)

    assert [json.loads(got.body)["to"] for got in receiver.got] == ["+2"]
    told = json.loads(receiver.got[0].body)["text"]
    assert told == (
        "Nobody answers: P1 Gas leak · 12 Harbour Street · asked: Crew 1. Reply 1 to confirm."
    )
    assert desk.ways() == [
        ("supervisor", "failed", "unreachable"),
        ("supervisor", "sent", None),
    ]
    desk.ask("supervisor", role="supervisor")
    desk.run_jobs()
    assert len(receiver.got) == 2


def test_a_gateway_that_does_not_answer_is_left_alone_for_a_while(
    desk: Desk, receiver: Receiver
) -> None:
    """Three failures in a row: 15 s without a post; then the same delivery goes there."""
    receiver.does = HANG
    gateway_id = desk.add_gateway(receiver.url, timeout_s=0.5)
    desk.set_contacts((gateway_id, "+1"))
    asked = 3
    for _ in range(asked):
        desk.ask()
    desk.run_jobs()
    desk.clock.forward(1)
    desk.run_jobs()
    wait_until(lambda: len(receiver.got) >= asked)
    receiver.does = 200

    desk.clock.forward(9)
    desk.run_jobs()
    assert len(receiver.got) == asked
    for pause_s in (10, 1):
        desk.clock.forward(pause_s)
        desk.run_jobs()

    assert {state for _, state, _ in desk.ways()} == {"sent"}
    with desk.services.work.reading() as session:
        assert session.scalars(select(Gateway.paused_until)).one() is None


def test_a_delivery_that_waited_a_quarter_of_an_hour_is_not_sent_any_more(
    desk: Desk, receiver: Receiver
) -> None:
    """As after a night without a worker."""
    desk.set_contacts((desk.add_gateway(receiver.url), "+1"))
    delivery_id = desk.ask()
    desk.clock.forward(16 * 60)

    desk.run_jobs()

    assert desk.delivery(delivery_id).failure == "too_late"
    assert receiver.got == []


def test_an_address_that_was_removed_while_a_delivery_waited_gets_nothing(
    desk: Desk, receiver: Receiver
) -> None:
    """Nor does a gateway that was."""
    gateway_id = desk.add_gateway(receiver.url)
    desk.set_contacts((gateway_id, "+1"))
    first = desk.ask()
    desk.set_contacts()
    desk.run_jobs()
    desk.set_contacts((gateway_id, "+1"))
    second = desk.ask()
    desk.services.gateways.remove(desk.administrator, gateway_id)
    desk.run_jobs()

    assert [desk.delivery(each).failure for each in (first, second)] == ["removed", "removed"]
    assert receiver.got == []


def test_a_crew_counts_as_reachable_once_its_gateway_has_reached_it(
    desk: Desk, receiver: Receiver, services: Services, report: Callable[..., Any]
) -> None:
    """An address alone proves nothing; a failure takes it back."""
    gateway_id = desk.add_gateway(receiver.url)
    desk.set_contacts((gateway_id, "+1"))
    delivery_id = desk.ask()
    desk.run_jobs()
    assert Channel.GATEWAY not in services.reach.everybody()[desk.crew_id].channels

    report(gateway_id, delivery_id, "delivered")
    assert services.reach.everybody()[desk.crew_id].channels[0] is Channel.GATEWAY
    receiver.does = 400
    desk.ask()
    desk.run_jobs()

    assert Channel.GATEWAY not in services.reach.everybody()[desk.crew_id].channels


def test_how_far_an_order_got_outside_the_page_is_marked_on_it(
    desk: Desk, receiver: Receiver, services: Services, report: Callable[..., Any]
) -> None:
    """By the gateway's name; so is the answer that came through it."""
    gateway_id = desk.add_gateway(receiver.url, name="Modem")
    desk.set_contacts((gateway_id, "+1"))
    delivery_id = desk.ask()
    desk.run_jobs()
    for state in ("delivered", "seen", "accepted"):
        report(gateway_id, delivery_id, state)

    order = services.assignments.get(desk.administrator, desk.order["id"])

    marks = [each["mark"].value for each in order["marks"] if each["channel"] == "Modem"]
    assert marks == ["queued", "delivered", "seen", "accepted"]
