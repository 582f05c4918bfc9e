"""The search box's door: who finds what, and how it is asked."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

Pin = Callable[..., dict[str, Any]]
Programs = Callable[[Actor], Program]


def found(program: Program, q: str, **where: float) -> list[dict[str, Any]]:
    """Return what a program finds."""
    answer = program.get("/api/v1/search", query_string={"q": q, **where})
    assert answer.status_code == 200, told(answer)
    results: list[dict[str, Any]] = told(answer)["results"]
    return results


def labels(results: list[dict[str, Any]], kind: str) -> list[str]:
    """Return what results of one kind are called."""
    return [result["label"] for result in results if result["kind"] == kind]


def test_a_street_and_a_crossing_are_found_by_name(desk: Program, grid_city: GridCity) -> None:
    """Either way round; a crossing lies where it is."""
    street = found(desk, "colum 5")[0]
    crossing = found(desk, "row 3 / column 5")[0]
    other_way = found(desk, "Column 5 and Row 3")[0]

    assert (street["kind"], street["label"]) == ("street", "Column 5")
    assert (crossing["kind"], crossing["label"]) == ("crossing", "Row 3 / Column 5")
    assert (other_way["kind"], other_way["label"]) == ("crossing", "Column 5 / Row 3")
    at = grid_city.at(5, 3)
    for result in (crossing, other_way):
        assert (result["lon"], result["lat"]) == pytest.approx(at, abs=1e-6)


def test_distances_are_from_the_middle_of_the_map(desk: Program, grid_city: GridCity) -> None:
    """Three blocks of 200 m east."""
    lon, lat = grid_city.at(2, 3)

    crossing = found(desk, "row 3 / column 5", lon=lon, lat=lat)[0]
    nowhere = found(desk, "row 3 / column 5")[0]

    assert crossing["distance_m"] == pytest.approx(600, abs=2)
    assert nowhere["distance_m"] is None


def test_a_typed_position_is_read_in_the_order_that_lies_on_the_map(
    desk: Program, grid_city: GridCity
) -> None:
    """Telephones write latitude first, this product longitude."""
    lon, lat = grid_city.at(4, 4)

    for text in (f"{lat}, {lon}", f"{lon} {lat}", f"N{lat} E{lon}", f"经度{lon}，纬度{lat}"):
        (result,) = found(desk, text)
        assert result["kind"] == "coordinate"
        assert (result["lon"], result["lat"]) == pytest.approx((lon, lat), abs=1e-9)
    (baidu,) = found(desk, f"百度 {lon},{lat}")
    assert baidu["datum"] == "bd09"
    assert baidu["lon"] < lon - 0.005


def test_crews_and_incidents_are_found_by_name_number_address_and_kind(
    desk: Program, yard: CrewYard, pin: Pin
) -> None:
    """The dispatcher's own things stand beside the map's."""
    crew_id = yard.put("Gas 12", 1, 1)
    yard.put("水务一班", 2, 2)
    incident = pin(3, 3, address="Row 3, gate")

    assert found(desk, "gas 12")[0]["id"] == crew_id
    assert found(desk, "gas12")[0]["label"] == "Gas 12"
    assert found(desk, "shuiwu")[0]["label"] == "水务一班"
    assert labels(found(desk, "水务"), "crew") == ["水务一班"]
    for text in (f"#{incident['id']}", str(incident["id"]), "row 3 gate", "gas leak", "燃气泄漏"):
        (hit,) = (hit for hit in found(desk, text) if hit["kind"] == "incident")
        told_of = (hit["id"], hit["state"], hit["incident_kind"])
        assert told_of == (incident["id"], "open", "gas_leak"), text


def test_nobody_is_found_by_the_callers_name_or_telephone(desk: Program, pin: Pin) -> None:
    """Who may know them looks at the incident."""
    pin(3, 3, caller_name="Zacharias Quill", caller_phone="555 0188 77")

    assert found(desk, "Zacharias Quill") == []
    assert labels(found(desk, "555 0188 77"), "incident") == []


def test_crews_find_the_map_but_not_the_desk(
    program: Programs, people: People, yard: CrewYard, pin: Pin, integration: Actor
) -> None:
    """A crew looks for a street; whose leak is where is not its business."""
    crew_id = yard.put("Gas 1", 1, 1)
    incident = pin(3, 3, address="Row 3, gate")
    crew = program(people.sign_up("gas1", Role.CREW, crew_id=crew_id))

    for text in ("gas 1", "row 3 gate", f"#{incident['id']}"):
        assert {hit["kind"] for hit in found(crew, text)} <= {"street", "crossing", "place"}
    assert found(crew, "row 3")[0]["label"] == "Row 3"
    # A tracker may read crews, and no incidents.
    kinds = {hit["kind"] for hit in found(program(integration), "gas 1")}
    assert "crew" in kinds
    assert "incident" not in kinds


def test_a_pin_is_told_in_words_and_in_the_readers_language(
    desk: Program, grid_city: GridCity
) -> None:
    """20 m along Row 3 from Column 5: no house has a number here."""
    lon, lat = grid_city.at(5.1, 3)
    where = {"lon": lon, "lat": lat}

    english = told(desk.get("/api/v1/addresses/nearest", query_string=where))
    chinese = told(
        desk.get(
            "/api/v1/addresses/nearest",
            query_string=where,
            headers={"Accept-Language": "zh-CN"},
        )
    )

    assert english["label"] == "Row 3, near Column 5"
    assert chinese["label"] == "Row 3，Column 5 附近"
    assert (english["kind"], english["name"], english["beside"]) == ("street", "Row 3", "Column 5")
    assert english["distance_m"] == pytest.approx(0, abs=1)


def test_far_from_everything_a_pin_has_no_name(desk: Program) -> None:
    """Null, not the other end of the country."""
    answer = told(desk.get("/api/v1/addresses/nearest", query_string={"lon": 0, "lat": 0}))

    assert set(answer.values()) == {None}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "a\0b"}, "q"),
        ({"q": "a", "lon": 7.4}, "lat"),
        ({"q": "a", "lon": 700, "lat": 43}, "lon"),
        ({"q": "a", "limit": 0}, "limit"),
    ],
)
def test_what_cannot_be_asked_names_its_field(
    desk: Program, asked: dict[str, Any], field: str
) -> None:
    """As everywhere in the API."""
    answer = desk.get("/api/v1/search", query_string=asked)

    assert field in refused_fields(answer)


@pytest.mark.parametrize(
    "text",
    ["/", "&", "''", "%", "_", "\\", "路", "12", "🙂", "a / ", "…", "x" * 200, "和", "1/2", "((("],
)
def test_nothing_that_is_typed_breaks_the_search(desk: Program, text: str) -> None:
    """Half-typed text is the usual case."""
    assert isinstance(found(desk, text), list)
