"""What is known near a place, and one crew instead of another, as programs ask for it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

INCIDENTS = "/api/v1/incidents"
Pin = Callable[..., dict[str, Any]]


def test_what_is_known_near_a_place_is_listed_with_its_distance(
    desk: Program, pin: Pin, grid_city: GridCity
) -> None:
    """The whole incident, so that nobody has to ask again."""
    known = pin(3, 3)
    lon, lat = grid_city.at(3, 3.5)

    found = told(desk.get(f"{INCIDENTS}/near?lon={lon}&lat={lat}&kind=gas_outage"))

    (only,) = found["incidents"]
    assert only["incident"]["id"] == known["id"]
    assert only["distance_m"] == pytest.approx(100, abs=2)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("lat=43.7", "lon"),
        ("lon=7.4&lat=143", "lat"),
        ("lon=7.4&lat=43.7&radius_m=-1", "radius_m"),
        ("lon=7.4&lat=43.7&limit=1000", "limit"),
        ("lon=7.4&lat=43.7&kind=earthquake", "kind"),
    ],
)
def test_a_question_that_cannot_be_answered_names_the_field(
    desk: Program, query: str, field: str
) -> None:
    """Nothing is guessed."""
    answer = desk.get(f"{INCIDENTS}/near?{query}")

    assert set(refused_fields(answer)) == {field}


def test_a_crew_is_sent_instead_of_another_in_one_request(
    desk: Program, pin: Pin, yard: CrewYard
) -> None:
    """The second desk is told that there is nothing to replace any more."""
    slow, quick, late = (yard.put(name, 1, 1) for name in ("Slow", "Quick", "Late"))
    orders = f"{INCIDENTS}/{pin(2, 2)['id']}/assignments"
    old = told(desk.post(orders, {"crew_id": slow}))

    new = desk.post(orders, {"crew_id": quick, "replaces": old["id"]})
    too_late = desk.post(orders, {"crew_id": late, "replaces": old["id"]})

    assert (new.status_code, told(new)["state"]) == (201, "offered")
    assert too_late.status_code == 409
    problem = too_late.get_json()
    assert (problem["code"], problem["state"]) == ("replaced_changed", "withdrawn")
    assert told(desk.get(f"/api/v1/assignments/{old['id']}"))["reason"] == "replaced"
