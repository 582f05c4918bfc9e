"""A report's link on its way to the customer: once, by the caller's number, made as it is sent."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.gateways.types import AddGateway
from dispatch.links.states import LinkPurpose
from dispatch.sending.types import SendCrew
from dispatch.work_reports.sending import ReportNotSentError
from dispatch.work_reports.types import SendWorkReport
from tests.conftest import CrewYard
from tests.conftest import People
from tests.dispatch.deliveries.receiver import Receiver
from tests.dispatch.deliveries.receiver import receiving
from tests.orders import step_for
from tests.own_loop import run_to_its_end

pytestmark = pytest.mark.postgis
_JOBS = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'work_reports:send_report'")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a server that takes posts."""
    with receiving() as made:
        yield made


@pytest.fixture
def crew(people: People, yard: CrewYard) -> Actor:
    """Return somebody of a crew."""
    return people.sign_up("north", Role.CREW, crew_id=yard.put("North 1", 1, 1))


@pytest.fixture
def order_id(
    services: Services, crew: Actor, dispatcher: Actor, pin: Callable[..., dict[str, Any]]
) -> int:
    """Return an order that its crew has completed, of an incident whose caller left a number."""
    incident_id = pin(2, 2, caller_phone=" +86 138 0000 0000 ")["id"]
    command = SendCrew.read({"crew_id": crew.crew_id})
    order, _ = services.sending.send(dispatcher, incident_id, command)
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE):
        services.assignments.act(crew, order["id"], action, step_for(action))
    return order["id"]


def add_gateway(services: Services, administrator: Actor, url: str) -> None:
    """Add a gateway that sends words to callers."""
    wanted = {"name": "SMS", "kind": "sms", "url": url, "secret": "a secret of the gateway"}
    page_url = {"page_url": "https://dispatch.example.com"}
    services.gateways.add(administrator, AddGateway.model_validate({**wanted, **page_url}))


def refusal(services: Services, actor: Actor, order_id: int) -> str:
    """Return why a report cannot be sent."""
    with pytest.raises(Conflict) as error:
        services.work_report_sendings.request(actor, order_id, SendWorkReport())
    return error.value.code


def test_the_customer_is_sent_a_link_that_nobody_knew_before(
    services: Services,
    crew: Actor,
    administrator: Actor,
    order_id: int,
    receiver: Receiver,
    owner_engine: Engine,
) -> None:
    """The crew says so; the gateway gets number and link, the queue neither."""
    add_gateway(services, administrator, receiver.url)
    before = services.work_report_sendings.status(crew, order_id)

    asked, _ = services.work_report_sendings.request(crew, order_id, SendWorkReport(language="en"))
    with owner_engine.connect() as connection:
        jobs = connection.scalars(_JOBS).all()
    run_to_its_end(services.work_report_sendings.send(order_id))
    run_to_its_end(services.work_report_sendings.send(order_id))

    assert (before["can_be_sent"], asked["can_be_sent"], asked["sent_at"]) == (True, False, None)
    assert jobs == [{"assignment_id": order_id}]
    (got,) = receiver.got
    body = json.loads(got.body)
    assert (body["to"], body["purpose"], body["language"]) == ("+86 138 0000 0000", "report", "en")
    assert body["link"].startswith("https://dispatch.example.com/r/")
    assert body["link"] in body["text"]
    link = services.links.open(body["link"].rpartition("/")[2], LinkPurpose.REPORT)
    assert link.assignment_id == order_id
    status = services.work_report_sendings.status(crew, order_id)
    assert status["sent_at"] is not None
    assert (status["requested_by"], status["link_opened_count"]) == (crew.display_name, 1)
    assert refusal(services, crew, order_id) == "already_sent"
    told = services.incidents.timeline(administrator, link.incident_id)["events"][-1]
    assert (told["kind"], told["data"]) == ("work_report.sent", {})


def test_what_the_gateway_did_not_take_is_said_and_may_be_asked_for_again(
    services: Services,
    dispatcher: Actor,
    administrator: Actor,
    order_id: int,
    receiver: Receiver,
) -> None:
    """The link that went out the first time leads nowhere any more."""
    add_gateway(services, administrator, receiver.url)
    receiver.does = 500
    services.work_report_sendings.request(dispatcher, order_id, SendWorkReport())

    with pytest.raises(ReportNotSentError):
        run_to_its_end(services.work_report_sendings.send(order_id))
    failed = services.work_report_sendings.status(dispatcher, order_id)
    receiver.does = 200
    services.work_report_sendings.request(dispatcher, order_id, SendWorkReport())
    run_to_its_end(services.work_report_sendings.send(order_id))

    assert (failed["failure"], failed["can_be_sent"]) == ("broken", True)
    first, second = (json.loads(got.body)["link"].rpartition("/")[2] for got in receiver.got)
    with pytest.raises(NotFound):
        services.links.open(first, LinkPurpose.REPORT)
    assert services.links.open(second, LinkPurpose.REPORT).assignment_id == order_id
    assert services.work_report_sendings.status(dispatcher, order_id)["failure"] is None


def test_without_a_number_or_a_gateway_nothing_can_be_sent(
    services: Services,
    dispatcher: Actor,
    administrator: Actor,
    order_id: int,
    owner_engine: Engine,
) -> None:
    """And that is said before anything is asked for."""
    assert refusal(services, dispatcher, order_id) == "no_gateway"
    add_gateway(services, administrator, "http://127.0.0.1:9/")
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE incident SET caller_phone = ''"))

    assert refusal(services, dispatcher, order_id) == "no_phone"
    assert not services.work_report_sendings.status(dispatcher, order_id)["can_be_sent"]
