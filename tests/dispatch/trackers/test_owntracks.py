"""OwnTracks: what counts of its messages."""

import json
from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given

from dispatch.trackers import owntracks
from dispatch.trackers.readings import Reading
from tests.dispatch.trackers.test_osmand import anything

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOCATION: dict[str, Any] = {
    "_type": "location",
    "lat": 43.74,
    "lon": 7.42,
    "tst": 1_769_847_300,
    "tid": "c1",
    "acc": 8,
    "alt": 60,
    "vel": 36,
    "cog": 270,
    "batt": 77,
    "bs": 2,
    "conn": "m",
}


def of(message: object) -> Reading:
    """Return what one message says."""
    (reading,) = owntracks.read(json.dumps(message).encode(), NOW)
    return reading


def test_a_location_has_its_place_time_and_attributes() -> None:
    """Its speed is in km/h, told by the tracker's unit."""
    reading = of(LOCATION)

    assert (reading.place, reading.refusal) == ((7.42, 43.74), None)
    assert reading.fixed_at == datetime(2026, 1, 31, 8, 15, tzinfo=UTC)
    assert (reading.speed, reading.heading_deg, reading.accuracy_m) == (36, 270, 8)
    assert (reading.battery_pct, reading.charging) == (77, True)


def test_a_speed_of_zero_says_nothing() -> None:
    """Some phones always send it."""
    assert of(LOCATION | {"vel": 0}).speed is None


@pytest.mark.parametrize("missing", ["lat", "lon", "tst", "tid"])
def test_a_location_that_lacks_what_it_must_have_is_refused(missing: str) -> None:
    """It is kept with the reason, and answered as any other."""
    assert of({name: value for name, value in LOCATION.items() if name != missing}).refusal == (
        "invalid"
    )


@pytest.mark.parametrize("body", [b"", b"  ", b'{"_type": "lwt"}', b'{"_type": "status"}', b"{}"])
def test_every_other_message_and_none_at_all_says_that_the_phone_lives(body: bytes) -> None:
    """A heartbeat."""
    (reading,) = owntracks.read(body, NOW)

    assert reading.is_heartbeat


def test_an_encrypted_message_is_refused_by_that_name() -> None:
    """There is no key here: the phone has to be set up anew."""
    assert of({"_type": "encrypted", "data": "abc"}).refusal == "encrypted"


@given(anything)
def test_whatever_comes_becomes_readings(message: object) -> None:
    """Nothing raises."""
    assert owntracks.read(json.dumps(message).encode(), NOW)
    assert of(LOCATION | {"lat": message, "tst": message, "bs": message}).fixed_at.tzinfo
