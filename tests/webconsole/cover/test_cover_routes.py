"""Cover and move-ups over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Programs = Callable[[Actor], Program]
Pin = Callable[..., dict[str, Any]]
API = "/api/v1"


def test_a_hole_is_told_and_a_crew_moves_up(
    desk: Program, program: Programs, people: People, yard: CrewYard, pin: Pin
) -> None:
    """Cover of one crew that is alone; asked to stand there, another one accepts."""
    alone, other = yard.put("A", 2.5, 6), yard.put("B", 9.5, 6)
    phone = program(people.sign_up("berta", Role.CREW, crew_id=other))
    path = f"{API}/incidents/{pin(3, 3)['id']}/cover"

    cover = told(desk.get(f"{path}?crew_ids={alone},{alone}"))
    lon, lat = yard.city.at(6, 6)
    asked = desk.post(
        f"{API}/moveups", {"crew_id": other, "lon": lon, "lat": lat, "place": "Depot"}
    )
    move_up = f"{API}/moveups/{told(asked)['id']}"
    seen = told(phone.get(f"{API}/moveups?crew_id={other}"))["move_ups"]
    accepted = told(phone.post(f"{move_up}/accept", {}))
    listed = told(desk.get(f"{API}/moveups"))["move_ups"]
    called_off = told(desk.post(f"{move_up}/cancel", {"reason": "quiet"}))

    assert (cover["within_s"], cover["known"]) == (600, True)
    assert [each["crew_id"] for each in cover["crews"]] == [alone]
    assert asked.status_code == 201
    assert [each["place"] for each in seen] == ["Depot"]
    assert accepted["state"] == "accepted"
    assert listed == [accepted]
    assert called_off["ended_how"] == "cancelled"
    assert phone.post(f"{move_up}/accept", {}).status_code == 409
    assert told(phone.get(f"{API}/moveups?crew_id={other}"))["move_ups"] == []


def test_what_is_wrong_is_named(
    desk: Program, program: Programs, people: People, yard: CrewYard, pin: Pin
) -> None:
    """Crew ids, percents; a crew may neither look at cover nor ask others to move."""
    crew_id = yard.put("A", 2.5, 6)
    phone = program(people.sign_up("alba", Role.CREW, crew_id=crew_id))
    path = f"{API}/incidents/{pin(3, 3)['id']}/cover"

    for ids in ("", "1,", "one", "1,2,3,4,5,6,7,8,9", "99999999999999999999"):
        assert set(refused_fields(desk.get(f"{path}?crew_ids={ids}"))) == {"crew_ids"}
    why = {"area": "West", "before_pct": 101, "after_pct": 81, "restored_pct": 90}
    wrong = desk.post(f"{API}/moveups", {"crew_id": crew_id, "lon": 7.4, "lat": 200, "why": why})
    assert set(refused_fields(wrong)) == {"lat", "why.before_pct"}
    assert desk.get(f"{API}/incidents/4711/cover?crew_ids=1").status_code == 404
    assert desk.post(f"{API}/moveups/4711/accept", {}).status_code == 404
    assert phone.get(f"{path}?crew_ids=1").status_code == 403
    assert told(phone.get(f"{API}/moveups?crew_id=4711"))["move_ups"] == []
