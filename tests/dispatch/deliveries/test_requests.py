"""What is asked for in a transaction waits as rows and jobs, and goes with it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.deliveries.models import Contact
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.models import PushSubscription
from dispatch.gateways.models import Gateway
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.dispatch.deliveries.conftest import forget_deliveries

pytestmark = pytest.mark.postgis
_JOBS = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'deliveries:send' ORDER BY id")


@pytest.fixture
def order(
    services: Services,
    yard: CrewYard,
    pin: Callable[..., Any],
    dispatcher: Actor,
    owner_engine: Engine,
) -> dict[str, Any]:
    """Return an order for a crew that has an SMS and a call, and a phone that takes pushes."""
    crew_id = yard.put("Crew 1", 2, 2)
    sent, _ = services.sending.send(dispatcher, pin(3, 3)["id"], SendCrew(crew_id=crew_id))
    forget_deliveries(owner_engine)
    now = yard.clock()
    with services.work.writing() as session:
        for name in ("sms", "call"):
            gateway_id = session.scalar(
                insert(Gateway)
                .values(name=name, kind=name, url="http://127.0.0.1/", enabled=True, timeout_s=1)
                .values(created_at=now, created_by="ada")
                .returning(Gateway.id)
            )
            session.add(
                Contact(
                    crew_id=crew_id,
                    channel="gateway",
                    gateway_id=gateway_id,
                    address=f"{name} 1",
                    sort=gateway_id,
                )
            )
        session.add(
            PushSubscription(
                crew_id=crew_id,
                account_id=dispatcher.account_id,
                endpoint="https://push.example/1",
                p256dh="",
                auth="",
                language="zh",
                subscribed_at=now,
            )
        )
    return dict(sent)


def _ask(services: Services, order: dict[str, Any], channel: str | None = None) -> list[list[str]]:
    """Ask for a reminder; return its ways."""
    with services.work.writing() as session:
        ids = request_delivery(
            session,
            services.jobs,
            purpose="remind",
            crew_id=order["crew_id"],
            assignment_id=order["id"],
            channel=channel,
        )
        rows = session.scalars(select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id))
        return [[each.channel, str(each.gateway_id or "")] for each in rows]


def test_the_best_way_is_asked_for_then_the_second_then_the_next(
    services: Services, order: dict[str, Any]
) -> None:
    """Pushes, the SMS, the call; then there is none left."""
    assert _ask(services, order) == [["push", ""]]
    assert _ask(services, order, "second") == [["gateway", "1"]]
    assert _ask(services, order, "second") == [["gateway", "2"]]
    assert _ask(services, order, "second") == []
    assert _ask(services, order) == [["push", ""]]
    assert _ask(services, order, "all") == [["push", ""], ["gateway", "1"], ["gateway", "2"]]


def test_a_way_that_failed_last_time_comes_last(
    services: Services, order: dict[str, Any], yard: CrewYard
) -> None:
    """Until it works again."""
    with services.work.writing() as session:
        session.scalars(select(PushSubscription)).one().failed_at = yard.clock()

    assert _ask(services, order) == [["gateway", "1"]]
    assert _ask(services, order, "push") == [["push", ""]]


def test_a_job_waits_for_each_delivery_and_none_without_the_transaction(
    services: Services, order: dict[str, Any]
) -> None:
    """Rolled back, nothing is sent."""
    with services.work.writing() as session:
        request_delivery(
            session, services.jobs, purpose="remind", crew_id=order["crew_id"], channel="all"
        )
        assert len(session.execute(_JOBS).all()) == 3
        session.rollback()

    with services.work.reading() as session:
        assert session.execute(_JOBS).all() == []
        assert session.scalars(select(Delivery)).all() == []


def test_whoever_cannot_be_told_at_all_is_kept_as_a_failure(
    services: Services, order: dict[str, Any]
) -> None:
    """So that somebody sees it."""
    with services.work.writing() as session:
        asked = request_delivery(
            session,
            services.jobs,
            purpose="supervisor",
            role="supervisor",
            assignment_id=order["id"],
        )

    assert asked == []
    with services.work.reading() as session:
        row = session.scalars(select(Delivery)).one()
    assert (row.state, row.failure, row.incident_id) == (
        "failed",
        "no_channel",
        order["incident_id"],
    )
