"""Answers, recalls and sending at the same instant, in real transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.events.models import Event
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.dispatch.deliveries.conftest import Desk
from tests.dispatch.deliveries.receiver import Receiver
from tests.own_loop import run_to_its_end

pytestmark = pytest.mark.postgis
ROUNDS = 20


def test_two_workers_a_recall_and_an_answer_leave_one_order_and_one_end(
    desk: Desk,
    receiver: Receiver,
    services: Services,
    dispatcher: Actor,
    yard: CrewYard,
    report: Callable[..., Any],
) -> None:
    """Twenty rounds: sent at most once by two workers, accepted or recalled, and no deadlock."""
    gateway_id = desk.add_gateway(receiver.url)
    incident_id = desk.order["incident_id"]
    services.assignments.act(dispatcher, desk.order["id"], Action.WITHDRAW, Step())
    ends = []
    for round_number in range(ROUNDS):
        crew_id = yard.put(f"Racer {round_number}", 1, 1)
        order, _ = services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))
        desk.order = dict(order)
        desk.set_contacts((gateway_id, f"+{round_number}"))
        delivery_id, together = desk.ask(), Barrier(4)

        def send(delivery_id: int = delivery_id, together: Barrier = together) -> None:
            together.wait()
            run_to_its_end(services.delivery_sending.send(delivery_id))

        def accept(delivery_id: int = delivery_id, together: Barrier = together) -> bool:
            together.wait()
            try:
                report(gateway_id, delivery_id, "accepted")
            except Conflict:
                return False
            return True

        def recall(order_id: int = desk.order["id"], together: Barrier = together) -> None:
            together.wait()
            services.assignments.act(dispatcher, order_id, Action.WITHDRAW, Step())

        with ThreadPoolExecutor(4) as threads:
            running = [threads.submit(each) for each in (send, send, accept, recall)]
            accepted = bool(running[2].result())
            for each in running:
                each.result()
        with services.work.reading() as session:
            state = session.get_one(Assignment, desk.order["id"]).state
        ends.append((accepted, state, desk.delivery(delivery_id).state))

    assert {state for _, state, _ in ends} == {"withdrawn"}
    for accepted, _, delivered in ends:
        assert delivered == "answered" if accepted else delivered == "seen"
    with services.work.reading() as session:
        kinds = list(session.scalars(select(Event.kind)))
    assert kinds.count("assignment.accepted") == sum(accepted for accepted, _, _ in ends)
    assert kinds.count("delivery.sent") <= ROUNDS
    assert len(receiver.got) <= 2 * ROUNDS


def test_whoever_asks_for_a_delivery_does_not_hold_up_what_its_gateway_sends(
    desk: Desk, receiver: Receiver
) -> None:
    """A chain's step asks and then waits for the event lock, which whoever sends has: a circle."""
    desk.set_contacts((desk.add_gateway(receiver.url), "+1"))
    delivery_id = desk.ask()

    with desk.services.work.writing() as step:
        request_delivery(
            step,
            desk.services.jobs,
            purpose="order",
            crew_id=desk.crew_id,
            assignment_id=desk.order["id"],
            now=desk.clock(),
        )
        run_to_its_end(desk.services.delivery_sending.send(delivery_id))

    assert desk.delivery(delivery_id).state == "sent"
