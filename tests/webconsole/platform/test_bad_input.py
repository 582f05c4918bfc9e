"""Whatever comes in gets a named-field error or is kept as text, never a fault."""

import io
import json
from collections.abc import Callable

import pytest

from dispatch.core.limits import LARGEST_BODY_BYTES
from tests.cities import GridCity
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

INCIDENTS = "/api/v1/incidents"
HOSTILE = "'); DROP TABLE incident; -- <script>alert(1)</script> %(name)s {{7*7}} \u202e\U0001f525"


@pytest.fixture
def leak(grid_city: GridCity) -> dict[str, object]:
    """Return a good incident's body, to be spoilt."""
    lon, lat = grid_city.at(2, 2)
    return {"kind": "gas_leak", "lon": lon, "lat": lat}


def test_malformed_json_is_400_and_says_where(desk: Program) -> None:
    """The line and column help whoever writes the client."""
    answer = desk.post(INCIDENTS, data='{"kind": "gas_leak", "lon": 7.4,,}')

    assert answer.status_code == 400
    assert told(answer)["code"] == "malformed_json"
    assert "column" in told(answer)["detail"]


@pytest.mark.parametrize("body", ["[]", "null", "7", '"text"'])
def test_json_that_is_no_object_is_refused(desk: Program, body: str) -> None:
    """Lists, numbers and null are JSON too."""
    assert refused_fields(desk.post(INCIDENTS, data=body)) == {"body": "must be an object"}


def test_a_form_instead_of_json_is_415(desk: Program) -> None:
    """A form is what another site could make a browser send."""
    answer = desk.post(INCIDENTS, data={"kind": "gas_leak"}, content_type=None)

    assert answer.status_code == 415
    assert told(answer)["code"] == "unsupported_media_type"


def test_ten_megabytes_are_413_and_nothing_is_kept(desk: Program) -> None:
    """The limit is 1 MB."""
    body = '{"kind": "gas_leak", "description": "' + "x" * 10_000_000 + '"}'

    answer = desk.post(INCIDENTS, data=body)

    assert answer.status_code == 413
    assert told(answer)["code"] == "too_large"
    assert told(desk.get(INCIDENTS))["incidents"] == []


@pytest.mark.parametrize(("excess", "status"), [(0, 201), (1, 413)])
def test_a_body_sent_in_pieces_has_the_same_limit(
    desk: Program, leak: dict[str, object], excess: int, status: int
) -> None:
    """It declares no length, and what was cut off must not look like malformed JSON."""
    body = json.dumps(leak).encode()
    body += b" " * (LARGEST_BODY_BYTES - len(body) + excess)

    answer = desk.post(
        INCIDENTS,
        input_stream=io.BytesIO(body),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},  # as gunicorn says of such a body
    )

    assert answer.status_code == status


def test_every_wrong_field_is_named_at_once(desk: Program) -> None:
    """One round trip tells everything that is wrong."""
    body = '{"kind": 5, "lon": NaN, "lat": "43.7", "priority": 2.5, "colour": "red"}'

    assert refused_fields(desk.post(INCIDENTS, data=body)) == {
        "kind": "must be a text",
        "lon": "must be a finite number",
        "lat": "must be a finite number",
        "priority": "must be a whole number",
        "colour": "is not a known field",
    }


def test_missing_fields_are_named(desk: Program) -> None:
    """Kind and place are all an incident needs."""
    found = refused_fields(desk.post(INCIDENTS, {}))

    assert found == {"kind": "is required", "lon": "is required", "lat": "is required"}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize("field", ["lon", "lat"])
def test_no_infinity_is_a_place(
    desk: Program, leak: dict[str, object], field: str, number: str
) -> None:
    """JSON has no NaN, but clients send it."""
    other = "lat" if field == "lon" else "lon"
    body = f'{{"kind": "gas_leak", "{other}": {leak[other]}, "{field}": {number}}}'

    assert refused_fields(desk.post(INCIDENTS, data=body)) == {field: "must be a finite number"}


def test_coordinates_beyond_the_globe_ask_whether_they_are_swapped(desk: Program) -> None:
    """Longitude 116 sent as latitude cannot be one."""
    found = refused_fields(desk.post(INCIDENTS, {"kind": "gas_leak", "lon": 43.7, "lat": 116.4}))

    assert found == {
        "lat": "must be between -90 and 90 degrees; did you swap longitude and latitude?"
    }


def test_a_point_outside_the_ground_is_refused_by_name(
    desk: Program, leak: dict[str, object]
) -> None:
    """Swapped coordinates of a small country are still on the globe."""
    swapped = {**leak, "lon": leak["lat"], "lat": leak["lon"]}

    assert set(refused_fields(desk.post(INCIDENTS, swapped))) <= {"lon", "lat"}


def test_an_unknown_kind_is_answered_with_the_known_ones(
    desk: Program, leak: dict[str, object]
) -> None:
    """The sentence lists what may be sent."""
    found = refused_fields(desk.post(INCIDENTS, {**leak, "kind": "dragon"}))

    assert "gas_leak" in found["kind"]


@pytest.mark.parametrize(
    ("field", "limit"),
    [("description", 4000), ("address", 300), ("caller_name", 100), ("caller_phone", 40)],
)
def test_texts_have_limits(desk: Program, leak: dict[str, object], field: str, limit: int) -> None:
    """Counted in characters, not bytes."""
    fits = desk.post(INCIDENTS, {**leak, field: "界" * limit})
    too_long = desk.post(INCIDENTS, {**leak, field: "界" * (limit + 1)})

    assert fits.status_code == 201
    assert refused_fields(too_long) == {field: f"may have at most {limit} characters"}


@pytest.mark.parametrize("field", ["description", "address", "caller_name"])
def test_sql_and_html_are_kept_as_the_text_they_are(
    desk: Program, leak: dict[str, object], field: str
) -> None:
    """Nothing is stripped, nothing is run."""
    text = HOSTILE[:90]

    incident_id = told(desk.post(INCIDENTS, {**leak, field: text}))["id"]

    assert told(desk.get(f"{INCIDENTS}/{incident_id}"))[field] == text


def test_nul_cannot_be_stored_and_is_refused(desk: Program, leak: dict[str, object]) -> None:
    """PostgreSQL cannot hold it in a text."""
    found = refused_fields(desk.post(INCIDENTS, {**leak, "address": "a\x00b"}))

    assert found == {"address": "has characters that no text can hold"}


def test_half_a_surrogate_pair_is_refused(desk: Program, leak: dict[str, object]) -> None:
    """It cannot be written as UTF-8."""
    body = (
        f'{{"kind": "gas_leak", "lon": {leak["lon"]}, "lat": {leak["lat"]}, "address": "\\ud800"}}'
    )

    assert desk.post(INCIDENTS, data=body).status_code in {400, 422}


@pytest.mark.parametrize("radius", ["0", "-5", "99.9", "1e9", "nan", "inf", "far"])
def test_radius_is_between_100_m_and_100_km(
    desk: Program, pin: Callable[..., dict[str, object]], radius: str
) -> None:
    """Zero, a billion and words alike."""
    incident_id = pin(2, 2)["id"]

    answer = desk.get(f"{INCIDENTS}/{incident_id}/candidates?radius_m={radius}")

    assert set(refused_fields(answer)) == {"radius_m"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/incidents/999",
        "/api/v1/incidents/99999999999999999999999",
        "/api/v1/incidents/one",
        "/api/v1/incidents/-1",
        "/api/v1/incidents/999/candidates",
        "/api/v1/incidents/999/timeline",
        "/api/v1/assignments/999",
        "/api/v1/assignments/999/route",
        "/api/v1/crews/999",
        "/api/v1/crews/999/track",
        "/api/v1/nothing",
        "/tiles/99999999999999999999/0/0.mvt",
    ],
)
def test_unknown_things_are_404(desk: Program, path: str) -> None:
    """Numbers too large for any row included."""
    answer = desk.get(path)

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert told(answer)["code"] == "not_found"


def test_a_method_that_is_not_taken_is_405(desk: Program) -> None:
    """And the answer says which are."""
    answer = desk.delete("/api/v1/crews")

    assert answer.status_code == 405
    assert told(answer)["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
def test_an_idempotency_key_must_be_short_and_printable(
    desk: Program, pin: Callable[..., dict[str, object]], key: str
) -> None:
    """It is stored, and shows up in logs."""
    path = f"{INCIDENTS}/{pin(2, 2)['id']}/assignments"

    answer = desk.post(path, {"crew_id": 1}, headers={"Idempotency-Key": key})

    assert set(refused_fields(answer)) == {"Idempotency-Key"}


@pytest.mark.parametrize("query", ["from=1,2", "from=a,b&to=7,8", "from=200,2&to=7,8"])
def test_a_route_needs_two_points(desk: Program, query: str) -> None:
    """Each as lon,lat."""
    assert refused_fields(desk.get(f"/api/v1/routes?{query}"))


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "from=2026-01-01T00:00:00", "to=2026-13-01", "to=0.5", "from=1767168900"],
)
def test_track_times_carry_a_zone(desk: Program, query: str) -> None:
    """A time without a zone is eight hours off somewhere; a number is no time at all."""
    assert refused_fields(desk.get(f"/api/v1/crews/1/track?{query}"))


def test_an_empty_change_changes_nothing_harmful(
    desk: Program, pin: Callable[..., dict[str, object]]
) -> None:
    """A mistyped field must not pass in silence."""
    incident = pin(2, 2)

    answer = desk.patch(f"{INCIDENTS}/{incident['id']}", {"descripton": "typing error"})

    assert refused_fields(answer) == {"descripton": "is not a known field"}
