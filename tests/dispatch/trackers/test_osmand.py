"""The OsmAnd protocol: every accepted form, and the rules of each field."""

import json
from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.trackers import osmand
from dispatch.trackers.readings import Reading

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)
SECONDS = 1_769_847_300  # 2026-01-31T08:15:00Z


def of_query(query: str) -> Reading:
    """Return what a query says."""
    (reading,) = osmand.read(query.encode(), b"", NOW).readings
    return reading


def of_json(location: object, **told: object) -> osmand.Message:
    """Return what version 9 says with a location."""
    body = json.dumps({"device_id": "secret", "location": location, **told})
    return osmand.read(b"", body.encode(), NOW)


FIX = "id=secret&lat=43.74&lon=7.42"


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (f"{FIX}&timestamp={SECONDS}".encode(), b""),
        (b"", f"{FIX}&timestamp={SECONDS}".encode()),
        (f"{FIX}&timestamp={SECONDS}".encode(), b"id=other&lat=1&lon=1"),
        (b"deviceid=secret&location=43.74,7.42&timestamp=1769847300000", b""),
        (b"", json.dumps({"device_id": "secret", "location": {
            "timestamp": "2026-01-31T08:15:00.000Z",
            "coords": {"latitude": 43.74, "longitude": 7.42},
        }}).encode()),
    ],
    ids=["query", "form", "query before body", "location and milliseconds", "JSON"],
)  # fmt: skip
def test_every_form_says_the_same(query: bytes, body: bytes) -> None:
    """GET with a query, POST with a query and no body, POST of a form, POST of JSON."""
    told = osmand.read(query, body, NOW)

    assert told.device == "secret"
    (reading,) = told.readings
    assert (reading.fixed_at, reading.place, reading.refusal) == (AT, (7.42, 43.74), None)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (str(SECONDS), AT),
        (f"{SECONDS}000", AT),
        ("2147483646", datetime(2038, 1, 19, 3, 14, 6, tzinfo=UTC)),
        ("2147483647", datetime(1970, 1, 25, 20, 31, 23, 647000, tzinfo=UTC)),
        ("2026-01-31T08:15:00Z", AT),
        ("2026-01-31T08:15:00", AT),
        ("2026-01-31T16:15:00%2B08:00", AT),
        ("2026-01-31T16:15:00+08:00", AT),
        ("2026-01-31%2008:15:00", AT),
    ],
)
def test_a_time_is_read_in_every_way_it_is_written(raw: str, expected: datetime) -> None:
    """From 2147483647 on a number counts milliseconds."""
    assert of_query(f"{FIX}&timestamp={raw}").fixed_at == expected


def test_without_a_time_it_is_now_and_an_unreadable_one_is_refused() -> None:
    """A refused fix is answered as a good one, and kept as of now."""
    wrong = of_query(f"{FIX}&timestamp=yesterday")

    assert of_query(FIX).fixed_at == NOW
    assert (wrong.refusal, wrong.fixed_at) == ("invalid", NOW)


def test_attributes_have_the_protocols_names_and_minus_one_says_nothing() -> None:
    """Speed stays in the device's own unit; bearing and heading are one."""
    full = of_query(f"{FIX}&speed=10&bearing=90&accuracy=5&batt=81.5&charge=true&mock=1&foo=bar")
    other = of_query(f"{FIX}&heading=45&speed=-1&accuracy=-1&batt=-1&altitude=x")

    assert (full.speed, full.heading_deg, full.accuracy_m) == (10, 90, 5)
    assert (full.battery_pct, full.charging, full.mock) == (81.5, True, True)
    assert (other.heading_deg, other.speed, other.accuracy_m, other.battery_pct) == (
        *(45, None, None),
        None,
    )


@pytest.mark.parametrize(
    "place", ["lat=43.74", "lat=91&lon=7", "lat=nan&lon=7", "location=43.74", "lat=&lon="]
)
def test_a_place_that_is_none_is_refused_and_not_taken_for_a_heartbeat(place: str) -> None:
    """Something was said of a place, and it cannot be used."""
    assert of_query(f"id=secret&{place}").refusal == "invalid"


def test_neither_latitude_nor_longitude_is_a_heartbeat_with_attributes() -> None:
    """The place stays what it was."""
    reading = of_query("id=secret&batt=50&timestamp=1769847300")

    assert reading.is_heartbeat
    assert reading.battery_pct == 50


@pytest.mark.parametrize(("valid", "refusal"), [
    ("true", None), ("1", None), ("false", "invalid"), ("0", "invalid"), ("", None),
])  # fmt: skip
def test_a_fix_marked_invalid_is_refused(valid: str, refusal: str | None) -> None:
    """As `true` and `1` it counts; where nothing is said it does, too."""
    assert of_query(f"{FIX}&valid={valid}").refusal == refusal


def test_json_says_metres_a_second_a_level_and_minus_one_for_unknown() -> None:
    """As Traccar Client 9 sends it."""
    (reading,) = of_json(
        {
            "timestamp": "2026-01-31T08:15:00.000Z",
            "coords": {
                "latitude": 43.74,
                "longitude": 7.42,
                "accuracy": 12.5,
                "speed": 9.5,
                "heading": -1,
                "altitude": -1,
            },
            "is_moving": True,
            "odometer": 12,
            "event": "motionchange",
            "battery": {"level": 0.5, "is_charging": False},
            "activity": {"type": "in_vehicle"},
            "extras": {},
        }
    ).readings
    (unknown,) = of_json(
        {
            "coords": {"latitude": 43.74, "longitude": 7.42, "speed": -1},
            "battery": {"level": -1},
            "is_moving": False,
            "mock": True,
        }
    ).readings

    assert (reading.speed_mps, reading.speed, reading.heading_deg) == (9.5, None, None)
    assert (reading.battery_pct, reading.charging, reading.accuracy_m) == (50, False, 12.5)
    assert (unknown.battery_pct, unknown.speed_mps, unknown.mock) == (None, 0, True)


def test_json_without_coords_is_a_heartbeat() -> None:
    """They may be absent."""
    (reading,) = of_json({"timestamp": "2026-01-31T08:15:00Z", "battery": {"level": 1}}).readings

    assert reading.is_heartbeat
    assert reading.battery_pct == 100


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[]", b'{"device_id": null}', b"lat=1&lon=2"])
def test_who_names_no_device_is_nobody(body: bytes) -> None:
    """Such a request is refused, whatever else it says."""
    assert osmand.read(b"", body, NOW).device is None


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    [
        "id",
        "deviceid",
        "timestamp",
        "lat",
        "lon",
        "location",
        "speed",
        "bearing",
        "accuracy",
        "batt",
        "charge",
        "valid",
        "mock",
    ]
)


@given(st.dictionaries(_names, st.text() | st.floats().map(str) | st.integers().map(str)))
def test_whatever_the_fields_say_reading_them_raises_nothing(fields: dict[str, str]) -> None:
    """A phone whose fix is answered with an error sends it for ever."""
    query = "&".join(f"{name}={value}" for name, value in fields.items())

    told = osmand.read(query.encode("utf-8", "surrogatepass"), b"", NOW)

    assert all(each.fixed_at.tzinfo is not None for each in told.readings)


@given(st.binary() | anything.map(lambda each: json.dumps(each).encode()))
def test_whatever_the_body_is_reading_it_raises_nothing(body: bytes) -> None:
    """Any bytes, and any JSON."""
    osmand.read(b"", body, NOW)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "timestamp": anything,
            "coords": st.dictionaries(
                st.sampled_from(["latitude", "longitude", "speed", "accuracy"]), anything
            )
            | anything,
            "battery": anything,
            "is_moving": anything,
        },
    )
)
def test_whatever_a_location_holds_it_becomes_a_reading(location: dict[str, Any]) -> None:
    """Its place is on Earth, or there is none."""
    (reading,) = of_json(location).readings

    if reading.place is not None:
        lon, lat = reading.place
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
