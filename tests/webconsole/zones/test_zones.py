"""Zones over HTTP: each answer as described, each refusal by field, each door to whom it opens."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from tests.cities import GridCity
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
PATH = "/api/v1/zones"


@pytest.fixture
def office(program: Callable[[Actor], Program], administrator: Actor) -> Program:
    """Return the administrator's program."""
    return program(administrator)


@pytest.fixture
def north(grid_city: GridCity) -> dict[str, Any]:
    """Return a request for a square zone."""
    corners = [(1, 1), (5, 1), (5, 5), (1, 5), (1, 1)]
    ring = [list(grid_city.at(*corner)) for corner in corners]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"name": "North", "name_zh": "北区", "kind": "district", "geometry": geometry}


def _delete(program: Program, path: str) -> Any:  # noqa: ANN401  (an answer)
    return program.client.delete(path, headers=program.headers)


def test_a_zone_is_made_found_listed_changed_and_removed(
    office: Program, desk: Program, north: dict[str, Any]
) -> None:
    """Each answer has the shape that the description promises."""
    made = office.post(PATH, north, headers={"Idempotency-Key": "k1"})
    again = office.post(PATH, north, headers={"Idempotency-Key": "k1"})
    where = made.headers["Location"]
    changed = office.patch(where, {"kind": "response_area", "expected_version": 1})
    listed = desk.get(PATH)
    stale = _delete(office, f"{where}?expected_version=1")
    removed = _delete(office, f"{where}?expected_version=2")

    assert made.status_code == 201
    assert told(again) == told(made)
    assert again.headers["Idempotent-Replay"] == "true"
    assert told(changed)["kind"] == "response_area"
    assert told(listed)["zones"] == [told(changed)]
    assert stale.status_code == 409
    assert told(stale)["code"] == "zone_changed"
    assert told(stale)["zone"] == told(changed)
    assert told(removed) == told(changed)
    assert desk.get(where).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "city"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name_zh": 7}, "name_zh"),
        ({"geometry": {"type": "Point", "coordinates": [7, 43]}}, "geometry"),
        ({"geometry": {"type": "MultiPolygon", "coordinates": []}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": [[["a", "b"]]]}}, "geometry"),
        ({"geometry": {"type": "MultiPolygon", "coordinates": [7]}}, "geometry"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_input_is_refused_by_its_field(
    office: Program, north: dict[str, Any], change: dict[str, object], field: str
) -> None:
    """Whether it is new or changed."""
    where = office.post(PATH, north).headers["Location"]

    assert set(refused_fields(office.post(PATH, {**north, "name": "B", **change}))) == {field}
    assert set(refused_fields(office.patch(where, change))) == {field}
    assert [each["version"] for each in told(office.get(PATH))["zones"]] == [1]


def test_a_crossing_outline_is_refused_in_the_readers_language(
    office: Program, north: dict[str, Any], grid_city: GridCity
) -> None:
    """And says where it crosses: between (1, 1)–(5, 5) and (5, 1)–(1, 5) that is (3, 3)."""
    corners = [(1, 1), (5, 5), (5, 1), (1, 5), (1, 1)]
    geometry = {"type": "Polygon", "coordinates": [[list(grid_city.at(*each)) for each in corners]]}

    answer = office.post(
        PATH, {**north, "geometry": geometry}, headers={"Accept-Language": "zh-CN"}
    )

    lon, lat = grid_city.at(3, 3)
    said = refused_fields(answer)["geometry"]
    assert "自相交" in said
    assert f"{lat:.5f}" in said
    assert f"{lon:.5f}" in said


def test_only_the_office_draws_and_only_who_is_signed_in_looks(
    client: FlaskClient, desk: Program, north: dict[str, Any]
) -> None:
    """401 for strangers, 403 for the desk."""
    assert client.get(PATH).status_code == 401
    assert desk.post(PATH, north).status_code == 403
    assert desk.patch(f"{PATH}/1", {"name": "B"}).status_code == 403
    assert _delete(desk, f"{PATH}/1").status_code == 403
    assert desk.get(PATH).status_code == 200
