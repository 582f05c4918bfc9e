"""The way of an order over HTTP: asked for, chosen, and the roads to keep by their ETag."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
Programs = Callable[[Actor], Program]


@pytest.fixture
def crew_id(yard: CrewYard) -> int:
    """Return a crew in the south-west."""
    return yard.put("West", 2.5, 2)


@pytest.fixture
def phone(people: People, program: Programs, crew_id: int) -> Program:
    """Return what its phone asks with."""
    return program(people.sign_up("wes", Role.CREW, crew_id=crew_id))


@pytest.fixture
def order(services: Services, dispatcher: Actor, pin: Pin, crew_id: int) -> str:
    """Return the address of its order, to the north-east."""
    wanted = SendCrew(crew_id=crew_id)
    sent, _ = services.sending.send(dispatcher, pin(9.5, 8)["id"], wanted)
    return f"/api/v1/assignments/{sent['id']}"


def test_a_phone_chooses_one_of_the_ways_that_it_is_shown(phone: Program, order: str) -> None:
    """From where it is; what is no place is refused by name."""
    fastest = told(phone.get(f"{order}/route?guidance=1&alternatives=1"))["properties"]
    (other, *_) = fastest["alternatives"]

    chosen = told(phone.put(f"{order}/way", {"via": other["via"], "by": other["by"]}))
    shown = told(phone.get(f"{order}/route?guidance=1"))
    lon, lat = other["coordinates"][3]
    from_there = told(phone.get(f"{order}/route?from={lon},{lat}&heading_deg=90"))
    wrong = phone.put(f"{order}/way", {"via": {"lon": 7.4, "lat": 143.7, "heading_deg": 400}})

    assert chosen["by"] == other["by"]
    assert shown["geometry"]["coordinates"] == other["coordinates"]
    assert from_there["properties"]["length_m"] < shown["properties"]["length_m"]
    assert set(refused_fields(wrong)) == {"via.lat", "via.heading_deg"}


def test_roads_to_keep_are_sent_once(phone: Program, order: str) -> None:
    """Whoever has them is told so; they come packed, for this person only."""
    first = phone.get(f"{order}/roads?radius_m=2000")
    known = {"If-None-Match": first.headers["ETag"]}
    again = phone.get(f"{order}/roads?radius_m=2000", headers=known)
    wider = phone.get(f"{order}/roads", headers=known)

    assert first.status_code == 200
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert gzip.decompress(first.data).startswith(b'{"format":1')
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert wider.status_code == 200
