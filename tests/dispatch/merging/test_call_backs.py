"""Calling back who reported it, and how far around it people are in danger."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.incidents.types import AddReport
from dispatch.merging.types import MarkCalledBack
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import SetDangerRadius
from dispatch.writes.command import Step
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def tell(services: Services, desk: Actor, incident_id: int, name: str, phone: str) -> int:
    """Add a call and return its number."""
    told = AddReport(channel="call", caller_name=name, caller_phone=phone, words=f"says {name}")
    return services.reports.add(desk, incident_id, told)[0]["id"]


def test_one_person_who_called_twice_is_called_back_once(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock
) -> None:
    """Spaces make no other number; who calls again after the tick waits again."""
    one = pin(3, 3)["id"]
    first = tell(services, dispatcher, one, "Ann", "0377 12-34")
    clock.forward(60)
    tell(services, dispatcher, one, "", "03771234")
    tell(services, dispatcher, one, "Bob", "99")
    tell(services, dispatcher, one, "No number", "")

    def left() -> list[str]:
        people = services.call_backs.people(dispatcher, one)
        reports = services.reports.list(dispatcher, one)
        waiting = [each["name"] for each in people["people"] if each["call_back"] is None]
        assert len(waiting) == people["to_call_back"] == reports["to_call_back"]
        assert people["total"] == 2
        return waiting

    assert left() == ["Ann", "Bob"]
    ticked = services.call_backs.call_back(
        dispatcher, one, first, MarkCalledBack(note="gas is off")
    )
    assert ticked["call_back"] == {
        "called_at": instant(clock()),
        "called_by": "dora",
        "note": "gas is off",
    }
    assert left() == ["Bob"]
    clock.forward(60)
    tell(services, dispatcher, one, "Ann", "0377 1234")
    assert left() == ["Ann", "Bob"]
    services.call_backs.call_back(dispatcher, one, first, MarkCalledBack(called=False))
    assert services.reports.list(dispatcher, one)["reports"][1]["call_back"] is None


def test_callers_of_a_merged_incident_are_called_back_from_the_one_it_leads_to(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Under either number; and the table holds nothing that a spreadsheet would run."""
    one, two = pin(3, 3)["id"], pin(3, 3.1)["id"]
    report = tell(services, dispatcher, one, "=HYPERLINK(1)", "12")
    services.merging.merge(dispatcher, one, MergeIncident(into=two))

    assert services.call_backs.people(dispatcher, two)["to_call_back"] == 1
    services.call_backs.call_back(dispatcher, two, report, MarkCalledBack())
    services.call_backs.call_back(dispatcher, one, report, MarkCalledBack(note="again"))
    assert services.call_backs.people(dispatcher, two)["to_call_back"] == 0
    table = b"".join(services.call_backs.table(dispatcher, two)).decode("utf-8-sig")
    head, line = table.splitlines()
    assert head.startswith("name,telephone,")
    assert line.startswith("'=HYPERLINK(1),12,call,")
    assert line.endswith(",dora,again")


def test_a_call_back_is_refused_by_name(
    services: Services, dispatcher: Actor, crew_actor: Actor, pin: Pin, clock: SettableClock
) -> None:
    """A report of another incident, a time to come, a crew; sent again it is written once."""
    one, two = pin(3, 3)["id"], pin(8, 8)["id"]
    report = tell(services, dispatcher, one, "Ann", "12")
    clock.forward(10)
    future = MarkCalledBack.read({"called_at": clock().replace(year=clock().year + 1)})

    for incident_id, report_id in ((two, report), (one, 999_999)):
        with pytest.raises(NotFound):
            services.call_backs.call_back(dispatcher, incident_id, report_id, MarkCalledBack())
    with pytest.raises(InvalidInput):
        services.call_backs.call_back(dispatcher, one, report, future)
    with pytest.raises(NotAllowed):
        services.call_backs.call_back(crew_actor, one, report, MarkCalledBack())
    named = MarkCalledBack(client_id="c")
    first = services.call_backs.call_back(dispatcher, one, report, named)
    clock.forward(10)
    assert services.call_backs.call_back(dispatcher, one, report, named) == first


def test_a_report_and_a_call_back_refuse_no_send(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """A caller every two seconds must not keep the desk from sending what it looks at."""
    incident = pin(3, 3)
    report = tell(services, dispatcher, incident["id"], "Ann", "12")
    services.call_backs.call_back(dispatcher, incident["id"], report, MarkCalledBack())

    assert services.incidents.get(dispatcher, incident["id"])["version"] == incident["version"]


def test_reports_come_in_pages(services: Services, dispatcher: Actor, pin: Pin) -> None:
    """Each page says how many there are in all, and where the next begins."""
    one = pin(3, 3)["id"]
    for number in range(4):
        tell(services, dispatcher, one, f"Caller {number}", str(number))

    first = services.reports.list(dispatcher, one, limit=3)
    rest = services.reports.list(dispatcher, one, limit=3, after_id=first["next_after_id"] or 0)

    assert [first["total"], len(first["reports"]), len(rest["reports"])] == [5, 3, 2]
    assert rest["next_after_id"] is None
    assert rest["reports"][-1]["caller_name"] == "Caller 3"


def test_a_danger_radius_is_the_kind_s_until_one_is_set(
    services: Services, dispatcher: Actor, people: People, pin: Pin
) -> None:
    """A gas leak ships with 100 m; a supervisor changes the kind, the desk one incident."""
    sue = people.sign_up("sue", Role.SUPERVISOR)
    one, other = pin(3, 3)["id"], pin(8, 8)["id"]

    def radii() -> list[tuple[float | None, bool]]:
        found = [services.incidents.get(dispatcher, each) for each in (one, other)]
        return [(each["danger_radius_m"], each["danger_radius_set"]) for each in found]

    assert radii() == [(100, False), (100, False)]
    services.danger.set_for_incident(dispatcher, one, SetDangerRadius(radius_m=250))
    with pytest.raises(NotAllowed):
        services.danger.set_for_kind(dispatcher, "gas_leak", SetDangerRadius(radius_m=150))
    try:
        services.danger.set_for_kind(sue, "gas_leak", SetDangerRadius(radius_m=150))
        assert radii() == [(250, True), (150, False)]
        services.danger.set_for_incident(dispatcher, other, SetDangerRadius(radius_m=0))
        services.danger.set_for_incident(dispatcher, one, SetDangerRadius(radius_m=None))
        assert radii() == [(150, False), (None, True)]
    finally:
        services.danger.set_for_kind(sue, "gas_leak", SetDangerRadius(radius_m=100))
    with pytest.raises(NotFound):
        services.danger.set_for_kind(sue, "earthquake", SetDangerRadius(radius_m=1))
    services.decisions.cancel(dispatcher, one, Step())
    with pytest.raises(Conflict, match="already"):
        services.danger.set_for_incident(dispatcher, one, SetDangerRadius(radius_m=1))
