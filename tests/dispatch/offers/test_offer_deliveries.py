"""An offer reaches crews whose page is closed, is accepted from there, and rings no more then."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.types import GatewayReport
from dispatch.deliveries.types import SetContacts
from dispatch.gateways.types import AddGateway
from dispatch.offers.types import MakeOffer
from dispatch.reach.types import ReportReach
from tests.conftest import CrewYard
from tests.conftest import People

pytestmark = pytest.mark.postgis


def test_an_offer_is_told_outside_the_page_and_taken_there(
    services: Services,
    administrator: Actor,
    dispatcher: Actor,
    yard: CrewYard,
    people: People,
    pin: Callable[..., Any],
) -> None:
    """Not to a crew whose page rings; the first that answers has it, the other is told so."""
    crews = [yard.put(f"Gas {number}", 1 + number, 2) for number in range(3)]
    wanted = {"name": "SMS", "url": "http://127.0.0.1:1/", "secret": "x" * 20}
    gateway = services.gateways.add(administrator, AddGateway.model_validate(wanted))["id"]
    for crew_id in crews:
        given = {"contacts": [{"gateway_id": gateway, "address": f"+{crew_id}"}]}
        services.contacts.set_of_crew(administrator, crew_id, SetContacts.read(given))
    ringing = people.sign_up("gas0", Role.CREW, crew_id=crews[0])
    sign = ReportReach(device="phone", page="open", sound=True)
    services.reach.report(ringing, crews[0], sign)

    incident = pin(2, 2)
    services.offers.make(dispatcher, incident["id"], MakeOffer(radius_m=5_000, accept_within_s=60))
    with services.work.reading() as session:
        told = list(session.scalars(select(Delivery).order_by(Delivery.crew_id)))
    assert [(each.purpose, each.crew_id) for each in told] == [
        ("offer", crews[1]),
        ("offer", crews[2]),
    ]
    first, second = (
        GatewayReport.read({"delivery_id": each.id, "state": "accepted"}) for each in told
    )
    assert services.delivery_answers.report(gateway, first)["state"] == "answered"
    with pytest.raises(Conflict) as late:
        services.delivery_answers.report(gateway, second)

    assert late.value.code == "offer_taken"
    orders = services.assignments.list_for_crew(administrator, crews[1])["assignments"]
    assert [each["state"] for each in orders] == ["accepted"]
    assert services.delivery_answers.report(gateway, first)["state"] == "answered"
