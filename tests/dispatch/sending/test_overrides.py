"""Why another crew than the recommended one was sent, and what that cost: said right afterwards."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.models import Decision
from dispatch.bootstrap import Services
from dispatch.closures.types import CloseRoads
from dispatch.closures.types import LiftClosure
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.history.types import HistoryFilters
from dispatch.sending.types import ExplainOverride
from dispatch.sending.types import SendCrew
from dispatch.sending.types import SetOverrideReason
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.looking import looking

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def kept(services: Services, assignment_id: int) -> dict[str, Any]:
    """Return a decision that was kept."""
    query = select(Decision.candidates).where(Decision.assignment_id == assignment_id)
    with looking(services.engine) as connection:
        found: dict[str, Any] = connection.execute(query).scalar_one()
    return found


@pytest.fixture
def overridden(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an incident and the order of a crew four blocks away; one was two blocks away."""
    yard.put("Near", 5.5, 3)
    far = yard.put("Far", 7.5, 3)
    yard.put("Nowhere near", 3.5, 12)
    unheard = AddCrew(name="Never heard of", duty=Duty.ON_DUTY, skills=("gas",))
    services.crews.add(yard.administrator, unheard)
    incident = pin(3.5, 3)
    wanted = SendCrew(crew_id=far, radius_m=1_000.0)
    order, _ = services.sending.send(dispatcher, incident["id"], wanted)
    return incident, dict(order)


def test_everything_it_was_chosen_from_is_frozen_with_the_order(
    services: Services, overridden: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """Candidates with road time, length of way, workload, fix age; who was not listed, and why."""
    _, order = overridden
    decision = kept(services, order["id"])

    chosen = next(each for each in decision["candidates"] if each["crew_name"] == "Far")
    assert chosen["travel_time_s"] == pytest.approx(80, abs=1)
    assert chosen["way_length_m"] == pytest.approx(800, rel=0.02)
    assert {"workload", "fix_age_s", "verdict", "reasons"} <= chosen.keys()
    assert decision["not_listed"] == 1
    assert [each["crew_name"] for each in decision["unlocated"]] == ["Never heard of"]
    assert len(decision["roads"]["network"]) > 8
    assert decision["override"]["recommended_crew_name"] == "Near"
    assert decision["override"]["cost_s"] == pytest.approx(40, abs=1)


def test_the_metric_is_another_while_a_road_is_closed(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    clock: SettableClock,
    grid_city: Any,  # noqa: ANN401
) -> None:
    """And the same again once it is open; the network stays."""
    yard.put("Near", 5.5, 3)
    incident = pin(3.5, 3)

    def roads() -> Any:  # noqa: ANN401
        return services.candidates.for_incident(dispatcher, incident["id"])["roads"]

    before = roads()
    a, b = grid_city.at(8, 8), grid_city.at(8, 9)
    wanted = {
        "kind": "road",
        "geometry": {"type": "LineString", "coordinates": [list(a), list(b)]},
        "until_at": clock() + timedelta(hours=1),
        "reason": "burst",
    }
    closure, _ = services.closures.create(dispatcher, CloseRoads.read(wanted))
    during = roads()
    services.closures.lift(dispatcher, closure["id"], LiftClosure())

    assert before["network"] == during["network"]
    assert before["metric"] != during["metric"]
    assert roads() == before


def test_a_reason_is_said_after_sending_and_the_later_word_stands(
    services: Services, dispatcher: Actor, overridden: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """In the timeline, in the replay's decision and in the table, with the minutes."""
    incident, order = overridden
    explain = services.explanations.explain
    explain(dispatcher, order["id"], ExplainOverride(code="training"))
    said = explain(
        dispatcher, order["id"], ExplainOverride(code="knows_site", words="built it", client_id="a")
    )
    again = explain(
        dispatcher, order["id"], ExplainOverride(code="knows_site", words="built it", client_id="a")
    )

    assert said == again
    assert (said["name_zh"], said["recommended_crew_name"]) == ("熟悉现场", "Near")
    told = services.incidents.timeline(dispatcher, incident["id"])["events"]
    explained = [each for each in told if each["kind"] == "assignment.override_explained"]
    assert [each["data"]["code"] for each in explained] == ["training", "knows_site"]
    (decision,) = services.replay.incident(dispatcher, incident["id"])["decisions"]
    assert decision["override"] is not None
    assert decision["override"]["code"] == "knows_site"
    assert decision["unlocated"] == ["Never heard of"]
    services.decisions.cancel(dispatcher, incident["id"], Step(reason="done"))
    day = services.history.today()
    filters = HistoryFilters(from_=day, to=day)
    table = b"".join(services.history.table(dispatcher, filters)).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table))
    assert row["sent_instead_of"] == "Near"
    assert row["override_reasons"] == "knows_site (built it)"
    assert row["override_minutes"] == "0.7"


def test_nothing_is_to_be_explained_of_the_recommended_crew(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Nor with a reason that is not in the list."""
    near = yard.put("Near", 5.5, 3)
    order, _ = services.sending.send(dispatcher, pin(3.5, 3)["id"], SendCrew(crew_id=near))
    with pytest.raises(Conflict) as refused:
        services.explanations.explain(dispatcher, order["id"], ExplainOverride(code="other"))
    assert refused.value.code == "no_override"
    with pytest.raises(InvalidInput, match="code"):
        services.explanations.explain(dispatcher, order["id"], ExplainOverride(code="whim"))


def test_the_list_of_reasons_is_data_that_a_supervisor_edits(
    services: Services, dispatcher: Actor, people: People
) -> None:
    """Retired, it is offered no longer; what was said keeps its words."""
    supervisor = people.sign_up("sue", Role.SUPERVISOR)
    wanted = SetOverrideReason(name_en="Rested", name_zh="已休整", sort=15)
    with pytest.raises(NotAllowed):
        services.explanations.set_reason(dispatcher, "rested", wanted)
    services.explanations.set_reason(supervisor, "rested", wanted)
    codes = [each["code"] for each in services.explanations.reasons(dispatcher)["reasons"]]
    retired = SetOverrideReason(name_en="Rested", name_zh="已休整", retired=True)
    services.explanations.set_reason(supervisor, "rested", retired)

    assert codes[:3] == ["knows_site", "rested", "nearer"]
    after = [each["code"] for each in services.explanations.reasons(dispatcher)["reasons"]]
    assert "rested" not in after
